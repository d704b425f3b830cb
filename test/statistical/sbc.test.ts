import { describe, expect, it } from 'vitest'
import type { Calibration } from '../../diagnostics/predictive/calibration/calibration-test.js'
import { calibrationText } from '../../diagnostics/predictive/calibration/calibration-text.js'
import type { Prior } from '../../src/contract/distribution.js'
import type { CalibrationAlgorithm } from '../../src/criticism/calibration-replicate.js'
import { type CalibrationSettings, simulationBasedCalibration } from '../../src/criticism/simulation-based-calibration.js'
import { halfNormal } from '../../src/distributions/half-normal.js'
import { normal, normalLogProbability } from '../../src/distributions/normal.js'
import { priorDraws } from '../../src/fitting/prior-draws.js'
import { model } from '../../src/language/model.js'
import { drawNormal } from '../../src/random/normal.js'
import { calibrationCases } from './calibration/cases.js'

/**
 * A correct posterior fails with this probability in each test, once and for all, since seeds are fixed. In the negative controls
 * the mean rank is off by more than five of its standard errors.
 */
const ALPHA = 0.01
const settings: CalibrationSettings = { seed: 1, replicates: 100, rankedDraws: 31, alpha: ALPHA }

/** y_i ~ N(mu, sigma), three of them: prior, Jacobian and data all matter. */
interface Sample {
  readonly y: Float64Array
}
const three = (mu: Prior, sigma: Prior) =>
  model({
    name: 'three observations',
    parameters: (_data: Sample) => ({ mu, sigma }),
    logLikelihood: (parameters, { y }) => normalLogProbability(y, parameters.mu, parameters.sigma),
    simulate: (source, parameters, { y }) => y.map(() => drawNormal(source, parameters.mu[0], parameters.sigma[0])),
    withOutcome: (_data, y) => ({ y }),
  })
const right = three(normal(0, 1), halfNormal(1))
const data: Sample = { y: new Float64Array(3) }

/** The same prior, but the map to the real line forgets its Jacobian. */
function withoutJacobian(prior: Prior): Prior {
  const { support } = prior.distribution
  const distribution = {
    ...prior.distribution,
    support: (...given: Parameters<typeof support>) => ({ ...support(...given), logJacobian: () => undefined }),
  }
  return { ...prior, distribution }
}

const rejected = ({ quantities }: Calibration) => quantities.filter(({ isRejected }) => isRejected).map(({ name }) => name)

describe('simulation-based calibration', () => {
  it('passes NUTS on a model with three observations', async () => {
    const calibration = await simulationBasedCalibration({ model: right, data }, settings)
    expect(calibration.status, calibrationText(calibration)).toBe('passed')
    expect(calibration).toMatchObject({ replicateCount: 100, failedReplicates: 0 })
    // A few posteriors of three observations have a funnel that the sampler leaves slowly.
    expect(calibration.shortReplicates).toBeLessThan(10)
    expect(calibration.quantities.map(({ name }) => name).sort()).toEqual(['log_likelihood', 'mu', 'sigma'])
  })

  it.each(['linear:normal', 'hierarchical:random-effect', 'eight-schools'])('passes NUTS on %s', async (name) => {
    const subject = (await calibrationCases()).get(name)!()
    const calibration = await simulationBasedCalibration(subject, { ...settings, replicates: 40 })
    expect(calibration.status, calibrationText(calibration)).toBe('passed')
  })

  it('negative control: rejects a density without the Jacobian of a positive parameter', async () => {
    const fitted = three(normal(0, 1), withoutJacobian(halfNormal(1)))
    const calibration = await simulationBasedCalibration({ model: right, data: { y: new Float64Array(2) }, fitted }, settings)
    expect(rejected(calibration), calibrationText(calibration)).toContain('sigma')
    expect(calibration.quantities.find(({ name }) => name === 'sigma')?.deviation).toBe('too low')
  })

  it('negative control: rejects a prior of another scale', async () => {
    const fitted = three(normal(0, 0.3), halfNormal(1))
    const calibration = await simulationBasedCalibration({ model: right, data, fitted }, settings)
    expect(rejected(calibration), calibrationText(calibration)).toContain('mu')
    expect(calibration.quantities.find(({ name }) => name === 'mu')?.deviation).toBe('too narrow')
  })

  it('negative control: rejects data that were shifted before the fit', async () => {
    const shifted = { ...right, withOutcome: (_data: Sample, y: Float64Array) => ({ y: y.map((value) => value + 0.7) }) }
    const calibration = await simulationBasedCalibration({ model: shifted, data }, settings)
    expect(rejected(calibration), calibrationText(calibration)).toContain('mu')
    expect(calibration.quantities.find(({ name }) => name === 'mu')?.deviation).toBe('too high')
  })

  it('negative control: rejects an algorithm that ignores the data, by the log likelihood and by nothing else', async () => {
    const prior: CalibrationAlgorithm = async (_conditioned, { purpose, drawCount }) => ({
      draws: priorDraws(right, data, { seed: Number(/\d+/.exec(purpose)), draws: drawCount }),
    })
    const calibration = await simulationBasedCalibration({ model: right, data }, { ...settings, algorithm: prior })
    expect(rejected(calibration), calibrationText(calibration)).toEqual(['log_likelihood'])
  })

  it('does not repeat replicates that are on record, and hands out each new one', async () => {
    const seen: number[] = []
    const onRecord = ({ replicate }: { replicate: number }) => seen.push(replicate)
    const first = [0, 1].map((replicate) => ({
      replicate,
      ranks: { mu: 3 },
      effectiveSampleSize: 99,
      divergences: 0,
      seconds: 0,
    }))
    const calibration = await simulationBasedCalibration(
      { model: right, data },
      { ...settings, replicates: 4, earlier: first, onRecord },
    )
    expect(seen).toEqual([2, 3])
    expect(calibration.replicateCount).toBe(4)
  })
})
