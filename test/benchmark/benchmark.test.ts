import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { caseNames, loadCase } from './cases.js'
import { compareDensities } from './compare-densities.js'
import { randomPoints } from './measure-gradient.js'

const names = caseNames()

describe('benchmark models', () => {
  it('are found', () => expect(names.length).toBeGreaterThan(0))

  it.each(names)('%s compiles, is finite at the timing points and has a Stan program', async (name) => {
    const { condition, peer } = await loadCase(name)
    expect(existsSync(fileURLToPath(new URL(`./peers/${peer.program}.stan`, import.meta.url)))).toBe(true)
    const { logDensity, engine } = condition()
    expect(engine.engine).not.toBe('eager')
    for (const point of randomPoints(logDensity.dimension, 2)) {
      const gradient = new Float64Array(logDensity.dimension)
      expect(logDensity.valueAndGradient(point, gradient)).toSatisfy(Number.isFinite)
      expect(gradient.every(Number.isFinite)).toBe(true)
    }
  })
})

describe('compareDensities', () => {
  /** Value and gradient of -s x'x / 2 + constant at two points of R^2, one after the other. */
  const answers = (scale: number, constant: number) =>
    Float64Array.from(
      [
        [1, 2],
        [-3, 0.5],
      ].flatMap(([a, b]) => [-0.5 * scale * (a * a + b * b) + constant, -scale * a, -scale * b]),
    )

  it('calls densities that differ by a constant the same', () => {
    expect(compareDensities(answers(1, 0), answers(1, 7), 2).isSame).toBe(true)
  })
  it('calls densities of another scale different', () => {
    expect(compareDensities(answers(1, 0), answers(1 + 1e-6, 0), 2).isSame).toBe(false)
  })
  it('calls a density different whose value alone is wrong', () => {
    const wrong = answers(1, 0)
    wrong[0] += 1e-3
    expect(compareDensities(answers(1, 0), wrong, 2).isSame).toBe(false)
  })
  it('calls what is not a number different', () => {
    const broken = answers(1, 0)
    broken[1] = Number.NaN
    expect(compareDensities(broken, answers(1, 0), 2).isSame).toBe(false)
  })
})
