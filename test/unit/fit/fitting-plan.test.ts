import { describe, expect, it } from 'vitest'
import type { ApproximateFit } from '../../../src/contract/first-stage-model.js'
import { parseProtocol } from '../../../src/data/parse-protocol.js'
import { ProtocolError } from '../../../src/errors/protocol-error.js'
import { planFit } from '../../../src/fitting/fitting-plan.js'
import { protocolText } from '../../end-to-end/small-trials.js'

const inferenceOf = (text: string, firstStage = '{}') =>
  parseProtocol(protocolText({ inference: text, firstStage }), 'protocol.yaml').inference
const suggested: ApproximateFit = { algorithm: 'pathfinder', draws: 200, proposals: 800, fallback: 'nuts' }

describe('planFit', () => {
  it('is NUTS when neither the protocol nor the model says anything', () => {
    expect(planFit(inferenceOf('{}'))).toEqual({ algorithm: 'nuts' })
  })
  it('is what the model suggests when the protocol says nothing', () => {
    expect(planFit(inferenceOf('{}'), suggested)).toEqual(suggested)
  })
  it.each(['nuts', 'hmc'] as const)('is %s when the protocol says so, whatever the model suggests', (algorithm) => {
    expect(planFit(inferenceOf(`{ algorithm: ${algorithm} }`), suggested)).toEqual({ algorithm })
  })
  it('takes the algorithm of the protocol and the numbers of draws of the model, and does not fall back unasked', () => {
    expect(planFit(inferenceOf('{ algorithm: laplace }'), suggested)).toEqual({
      algorithm: 'laplace',
      draws: 200,
      proposals: 800,
    })
    expect(planFit(inferenceOf('{ algorithm: laplace, draws: 300 }'))).toEqual({ algorithm: 'laplace', draws: 300 })
  })
  it('falls back where the protocol says so, and does not where it says so', () => {
    expect(planFit(inferenceOf('{ algorithm: laplace, fallback: nuts, draws: 300 }'))).toEqual({
      algorithm: 'laplace',
      draws: 300,
      fallback: 'nuts',
    })
    const { fallback: _, ...rest } = suggested
    expect(planFit(inferenceOf('{ fallback: none }'), suggested)).toEqual(rest)
  })
})

describe('a protocol is refused, with the place, the reason and a remedy,', () => {
  it('when there is nothing to fall back from', () => {
    expect(() => planFit(inferenceOf('{ fallback: nuts }'))).toThrow(ProtocolError)
    expect(() => planFit(inferenceOf('{ fallback: nuts }'))).toThrow(/inference\.fallback/)
  })
  it.each([
    [
      '{ algorithm: nuts, fallback: nuts }',
      '{}',
      /row [67]: inference\.fallback: there is nothing to fall back from, since nuts samples/i,
    ],
    ['{ algorithm: pathfinder, draws: 5 }', '{}', /inference\.draws: 5 draws of an approximation cannot be judged.*at least 10/i],
    ['{ algorithm: full-rank, start: zero }', '{}', /inference\.start: full-rank climbs from several starts/i],
    ['{ algorithm: laplace }', '{ algorithm: nuts }', /inference\.algorithm: it is laplace, but firstStage\.algorithm is nuts/i],
    ['{ algorithm: lapace }', '{}', /inference\.algorithm: expected .*found "lapace".*laplace/i],
    ['{ start: priors }', '{}', /inference\.start: expected .*found "priors".*prior/i],
  ])('when its inference is %s and its first stage %s', (inference, firstStage, message) => {
    const parse = () => inferenceOf(inference, firstStage)
    expect(parse).toThrow(ProtocolError)
    expect(parse).toThrow(message)
  })
  it('but not for what goes together', () => {
    expect(inferenceOf('{ algorithm: laplace, start: zero }', '{ algorithm: automatic }').start).toBe('zero')
    expect(inferenceOf('{ algorithm: laplace }', '{ algorithm: laplace }').algorithm).toBe('laplace')
  })
})
