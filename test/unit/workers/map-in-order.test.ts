import { describe, expect, it } from 'vitest'
import { mapInOrder } from '../../../src/stages/map-in-order.js'

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

describe('mapInOrder', () => {
  it('gives results in the order of the items, whichever ends first, with at most that many at work', async () => {
    let [working, most] = [0, 0]
    const work = async (item: number, index: number) => {
      most = Math.max(most, ++working)
      await wait(30 - 5 * item)
      working--
      return `${index}: ${item}`
    }
    expect(await mapInOrder([0, 5, 1, 4], () => 2, work)).toEqual(['0: 0', '1: 5', '2: 1', '3: 4'])
    expect(most).toBe(2)
    await mapInOrder([5, 5, 5], () => 1, work)
    expect(working).toBe(0)
  })
  it('rejects at the first failure without waiting for the others, and starts nothing more', async () => {
    const started: number[] = []
    const work = async (item: number) => {
      started.push(item)
      if (item === 1) throw new Error(`no ${item}`)
      await wait(2000)
    }
    const start = performance.now()
    await expect(mapInOrder([0, 1, 2, 3], () => 3, work)).rejects.toThrow('no 1')
    expect(performance.now() - start).toBeLessThan(1000)
    expect(started).toEqual([0, 1])
  })
  it('gives timers a turn before each item', async () => {
    let turns = 0
    const timer = setInterval(() => turns++, 0)
    const block = async () => {
      for (const end = performance.now() + 5; performance.now() < end; );
    }
    await mapInOrder([1, 2, 3, 4], () => 4, block)
    clearInterval(timer)
    expect(turns).toBeGreaterThan(1)
  })
})
