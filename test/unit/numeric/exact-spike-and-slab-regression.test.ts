import { describe, expect, it } from 'vitest'
import { UsageError } from '../../../src/errors/usage-error.js'
import { exactNormalRegression } from '../../../src/numeric/exact-normal-regression.js'
import { exactSpikeAndSlabRegression } from '../../../src/numeric/exact-spike-and-slab-regression.js'
import { largestDifference, ROUNDING, scatter } from './matrices.js'

const design = scatter(20 * 3)
const outcome = scatter(20, 11)
const regression = { design, outcome, priorScale: Float64Array.of(10, 0, 0), sigma: 0.7 }
const mixture = { selected: [1, 2], slabScale: 1, spikeScale: 0.05, slabProbability: 0.5 }

/** Posterior of one mean by quadrature on a grid: the midpoint rule is exact to rounding for densities this smooth. */
function byQuadrature(values: readonly number[], slab: number, spike: number, probability: number) {
  const normal = (x: number, scale: number) => Math.exp(-0.5 * (x / scale) ** 2) / (scale * Math.sqrt(2 * Math.PI))
  const step = 0.002
  let [mass, mean, square, inSlab] = [0, 0, 0, 0]
  for (let b = -8 + step / 2; b < 8; b += step) {
    const likelihood = values.reduce((product, y) => product * normal(y - b, 1), 1)
    const slabPart = likelihood * probability * normal(b, slab) * step
    const density = slabPart + likelihood * (1 - probability) * normal(b, spike) * step
    mass += density
    mean += b * density
    square += b * b * density
    inSlab += slabPart
  }
  return {
    mean: mean / mass,
    sd: Math.sqrt(square / mass - (mean / mass) ** 2),
    inclusion: inSlab / mass,
    logMarginal: Math.log(mass),
  }
}

describe('exactSpikeAndSlabRegression', () => {
  it('of a normal mean agrees with quadrature', () => {
    const values = [0.4, 1.1, -0.2]
    const posterior = exactSpikeAndSlabRegression({
      design: Float64Array.of(1, 1, 1),
      outcome: Float64Array.from(values),
      priorScale: Float64Array.of(0),
      sigma: 1,
      ...{ selected: [0], slabScale: 1, spikeScale: 0.05, slabProbability: 0.3 },
    })
    const expected = byQuadrature(values, 1, 0.05, 0.3)
    expect(posterior.mean[0]).toBeCloseTo(expected.mean, 10)
    expect(posterior.sd[0]).toBeCloseTo(expected.sd, 10)
    expect(posterior.inclusionProbability[0]).toBeCloseTo(expected.inclusion, 10)
    expect(posterior.logMarginal).toBeCloseTo(expected.logMarginal, 10)
    expect(posterior.mean[0]).not.toBeCloseTo(byQuadrature(values, 1, 0.05, 0.7).mean, 10)
  })

  it('is the normal regression when spike and slab are the same, whatever the prior probability', () => {
    const posterior = exactSpikeAndSlabRegression({ ...regression, ...mixture, spikeScale: 1, slabProbability: 0.2 })
    const normal = exactNormalRegression({ ...regression, priorScale: Float64Array.of(10, 1, 1) })
    expect(largestDifference(posterior.mean, normal.mean)).toBeLessThan(ROUNDING)
    expect(largestDifference(posterior.inclusionProbability, [0.2, 0.2])).toBeLessThan(ROUNDING)
    expect(posterior.logMarginal).toBeCloseTo(normal.logMarginal, 11)
  })

  it('refuses to enumerate more than 2^12 models', () => {
    const selected = Array.from({ length: 13 }, (_, index) => index)
    expect(() => exactSpikeAndSlabRegression({ ...regression, ...mixture, selected })).toThrow(UsageError)
  })
})
