import {
  type Calibration,
  type CalibrationRecord,
  calibrationTest,
} from '../../diagnostics/predictive/calibration/calibration-test.js'
import type { Prior } from '../contract/distribution.js'
import { type CalibrationSubject, defaultRankedDraws, planCalibration, type ReplicateSettings } from './calibration-replicate.js'

export interface CalibrationSettings extends ReplicateSettings {
  /**
   * A posterior that is too high by d of its standard deviations lowers the mean rank by about 0.28 d of the range, whose
   * standard error is 0.29 / sqrt(replicates).
   */
  readonly replicates: number
  /** Chance that a correct posterior fails; 0.01 by default. */
  readonly alpha?: number
  /** Replicates of the same subject and settings that were carried out before; they are not repeated. */
  readonly earlier?: readonly CalibrationRecord[]
  /** After every new replicate, such as to write it to a file. */
  readonly onRecord?: (record: CalibrationRecord) => void
  readonly signal?: AbortSignal
}

/**
 * Simulation-based calibration of a model and an algorithm (Talts, Betancourt, Simpson, Vehtari and Gelman 2018, arXiv
 * 1804.06788; Modrak et al. 2023, 10.1214/23-BA1404): over many data sets made from the prior, the true parameters must rank
 * uniformly among draws from the posterior. It fails when the density, the simulator or the algorithm is wrong; it says nothing
 * of whether the model fits real data.
 *
 * @throws UsageError when a prior is improper or the model cannot simulate, ModelError as `fit`, and the signal's reason when
 * aborted.
 */
export async function simulationBasedCalibration<Data, Parameters extends Record<string, Prior>>(
  subject: CalibrationSubject<Data, Parameters>,
  settings: CalibrationSettings,
): Promise<Calibration> {
  const { replicates, rankedDraws = defaultRankedDraws, alpha, earlier = [], onRecord, signal } = settings
  const run = planCalibration(subject, settings)
  const known = new Map(earlier.map((record) => [record.replicate, record]))
  const records: CalibrationRecord[] = []
  for (let replicate = 0; replicate < replicates; replicate++) {
    signal?.throwIfAborted()
    const before = known.get(replicate)
    const record = before ?? (await run(replicate))
    if (!before) onRecord?.(record)
    records.push(record)
  }
  return calibrationTest(records, rankedDraws, alpha)
}
