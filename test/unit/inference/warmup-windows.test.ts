import { describe, expect, it } from 'vitest'
import { warmupWindows } from '../../../src/inference/warmup-windows.js'

describe('warmupWindows', () => {
  it.each([
    [1000, 75, [25, 50, 100, 200, 500], 50],
    [500, 75, [25, 50, 100, 200], 50],
    [300, 75, [25, 50, 100], 50],
    [200, 75, [25, 50], 50],
    [2000, 75, [25, 50, 100, 200, 400, 1100], 50],
    [150, 75, [25], 50],
    [100, 15, [75], 10],
    [20, 3, [15], 2],
  ])('is that of Stan for %d iterations', (warmupCount, initial, slow, final) => {
    expect(warmupWindows(warmupCount)).toEqual({ initial, slow, final })
  })
  it.each([0, 1, 19])('has no metric adaptation in %d iterations', (warmupCount) => {
    expect(warmupWindows(warmupCount)).toEqual({ initial: warmupCount, slow: [], final: 0 })
  })
  it('accounts for every iteration', () => {
    for (let count = 0; count < 3000; count++) {
      const { initial, slow, final } = warmupWindows(count)
      expect(initial + slow.reduce((sum, size) => sum + size, 0) + final).toBe(count)
      expect(Math.min(initial, final, ...slow)).toBeGreaterThanOrEqual(0)
    }
  })
})
