import type { ApproximationAlgorithm } from '../../../src/contract/analysis.js'
import { type CalibrationAlgorithm, calibrateNuts } from '../../../src/criticism/calibration-replicate.js'
import { approximateConditioned } from '../../../src/fitting/approximate.js'

const approximation =
  (algorithm: ApproximationAlgorithm): CalibrationAlgorithm =>
  async (conditioned, { seed, purpose, drawCount }) =>
    approximateConditioned(conditioned, { algorithm, seed, purpose, draws: drawCount })

/** What `npm run sbc` calibrates with, by name. */
export const algorithms: Readonly<Record<string, CalibrationAlgorithm>> = {
  nuts: calibrateNuts,
  laplace: approximation('laplace'),
  'mean-field': approximation('mean-field'),
  'full-rank': approximation('full-rank'),
  pathfinder: approximation('pathfinder'),
}
