import { describe, expect, it } from 'vitest'
import type { Calibration } from '../../diagnostics/predictive/calibration/calibration-test.js'
import { calibrationText } from '../../diagnostics/predictive/calibration/calibration-text.js'
import type { CalibrationAlgorithm } from '../../src/criticism/calibration-replicate.js'
import { type CalibrationSettings, simulationBasedCalibration } from '../../src/criticism/simulation-based-calibration.js'
import { priorDraws } from '../../src/fitting/prior-draws.js'
import { calibrationCases } from './calibration/cases.js'
import { controls, right, sample } from './calibration/controls.js'

/** A correct posterior fails with this probability in each test, once and for all, since seeds are fixed. */
const ALPHA = 0.01
const settings: CalibrationSettings = { seed: 1, replicates: 60, rankedDraws: 31, alpha: ALPHA }

const data = sample(3)

const rejected = ({ quantities }: Calibration) => quantities.filter(({ isRejected }) => isRejected).map(({ name }) => name)

describe('simulation-based calibration', () => {
  it('passes NUTS on a model with three observations', async () => {
    const calibration = await simulationBasedCalibration({ model: right, data }, settings)
    expect(calibration.status, calibrationText(calibration)).toBe('passed')
    expect(calibration).toMatchObject({ replicateCount: 60, failedReplicates: 0 })
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
    const calibration = await simulationBasedCalibration(controls.get('control:dropped-jacobian')!(), settings)
    expect(rejected(calibration), calibrationText(calibration)).toContain('sigma')
    expect(calibration.quantities.find(({ name }) => name === 'sigma')?.deviation).toBe('too low')
  })

  it('negative control: rejects a prior of another scale', async () => {
    const calibration = await simulationBasedCalibration(controls.get('control:prior-scale')!(), settings)
    expect(rejected(calibration), calibrationText(calibration)).toContain('mu')
    expect(calibration.quantities.find(({ name }) => name === 'mu')?.deviation).toBe('too narrow')
  })

  it('negative control: rejects data that were shifted before the fit', async () => {
    const calibration = await simulationBasedCalibration(controls.get('control:shifted-data')!(), settings)
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
