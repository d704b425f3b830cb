import { describe, expect, it } from 'vitest'
import { chainLengths } from '../../../src/fitting/chain-lengths.js'

describe('lengths of chains', () => {
  it('are those of the protocol, then those that the model suggests, then 500 and 1000; 1000 each with the warmup of Stan', () => {
    const suggested = { warmup: 400, draws: 1200 }
    expect(chainLengths({}, suggested)).toEqual(suggested)
    expect(chainLengths({ warmup: 1000 }, suggested)).toEqual({ warmup: 1000, draws: 1200 })
    expect(chainLengths({ warmup: 0, draws: 10 }, suggested)).toEqual({ warmup: 0, draws: 10 })
    expect(chainLengths({})).toEqual({ warmup: 500, draws: 1000 })
    expect(chainLengths({ adaptation: 'stan' })).toEqual({ warmup: 1000, draws: 1000 })
  })
})
