import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { derSimonianLaird, pooledMean, restrictedMaximumLikelihood, tauPosterior } from '../../../src/numeric/heterogeneity.js'

const path = new URL('../../../../shared/acceptance/meta_reference/univariate.json', import.meta.url)

interface Reference {
  readonly yi: number[]
  readonly vi: number[]
  readonly DL: { tau2: number; mu: number; se: number }
  readonly REML: { tau2: number; mu: number; se: number }
  readonly bayes_quadrature: { tau_mean: number; tau_sd: number; mu_mean: number }[]
}

describe.skipIf(!existsSync(path))('heterogeneity against metafor and quadrature (skipped without ../shared)', () => {
  const references: Record<string, Reference> = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).univariate : {}
  for (const [
    name,
    {
      yi,
      vi,
      DL,
      REML,
      bayes_quadrature: [bayes],
    },
  ] of Object.entries(references)) {
    const [effects, variances] = [Float64Array.from(yi), Float64Array.from(vi)]
    it(`${name}: DerSimonian and Laird`, () => {
      expect(derSimonianLaird(effects, variances)).toBeCloseTo(DL.tau2, 8)
      const { mean, precision } = pooledMean(effects, variances, DL.tau2)
      expect(mean).toBeCloseTo(DL.mu, 8)
      expect(1 / Math.sqrt(precision)).toBeCloseTo(DL.se, 8)
    })
    it(`${name}: restricted maximum likelihood, as far as metafor iterates`, () => {
      expect(Math.abs(restrictedMaximumLikelihood(effects, variances) - REML.tau2)).toBeLessThan(1e-4 * (0.01 + REML.tau2))
    })
    it(`${name}: posterior of tau under a half-normal prior with scale 1`, () => {
      const quantile = tauPosterior(effects, variances, 1)
      const draws = Array.from({ length: 4000 }, (_, index) => quantile((index + 0.5) / 4000))
      const mean = draws.reduce((sum, tau) => sum + tau, 0) / draws.length
      const sd = Math.sqrt(draws.reduce((sum, tau) => sum + (tau - mean) ** 2, 0) / draws.length)
      // the trapezium rule errs by spacing^2 / 12 relative to the width of the density: less than 1% of it
      expect(Math.abs(mean - bayes.tau_mean)).toBeLessThan(0.01 * bayes.tau_sd)
      expect(Math.abs(sd / bayes.tau_sd - 1)).toBeLessThan(0.01)
    })
  }
})

describe('heterogeneity', () => {
  const variances = Float64Array.of(0.1, 0.2, 0.3)
  it('is 0 when all effects are equal', () => {
    const effects = Float64Array.of(1, 1, 1)
    expect(derSimonianLaird(effects, variances)).toBe(0)
    expect(restrictedMaximumLikelihood(effects, variances)).toBe(0)
  })
  it('with equal variances, both estimates are the sample variance less that of a trial', () => {
    const effects = Float64Array.of(-2, 0, 5)
    const equal = new Float64Array(3).fill(0.5)
    expect(derSimonianLaird(effects, equal)).toBeCloseTo(13 - 0.5, 10)
    expect(restrictedMaximumLikelihood(effects, equal)).toBeCloseTo(13 - 0.5, 8)
  })
})
