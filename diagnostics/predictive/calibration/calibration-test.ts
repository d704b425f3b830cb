import { mean } from '../../convergence/primitives/moments.js'
import { type EcdfTest, ecdfTest } from './ecdf-test.js'
import { holm } from './holm.js'

/**
 * One replicate of a calibration by simulation: where the true values lie among draws from the posterior of data that they made.
 */
export interface CalibrationRecord {
  /** From 0. */
  readonly replicate: number
  /** By name of the quantity, 0 to the number of ranked draws. Empty when the fit failed. */
  readonly ranks: Readonly<Record<string, number>>
  /** Least over the quantities; less than the number of ranked draws makes ranks that are not quite uniform. */
  readonly effectiveSampleSize: number
  readonly divergences: number
  readonly seconds: number
  /** Why there is no posterior. */
  readonly failure?: string
}

/** What is wrong with a posterior, as far as mean and spread of the ranks tell. */
export type Deviation = 'too narrow' | 'too wide' | 'too high' | 'too low'

export interface QuantityCalibration extends EcdfTest {
  readonly name: string
  /** By Holm's method for all quantities. */
  readonly adjustedPValue: number
  readonly isRejected: boolean
  /** What the ranks lean to, rejected or not. */
  readonly deviation: Deviation
  /** How many ranks fall into each of at most 16 equal bins. */
  readonly histogram: readonly number[]
}

export interface Calibration {
  readonly status: 'passed' | 'failed'
  readonly replicateCount: number
  readonly rankedDraws: number
  readonly alpha: number
  /** Smallest p-value first. */
  readonly quantities: readonly QuantityCalibration[]
  /** Replicates whose effective sample size is below the number of ranked draws. */
  readonly shortReplicates: number
  readonly divergentReplicates: number
  readonly failedReplicates: number
}

const largestBinCount = 16

/**
 * Whether the ranks of all quantities are uniform, as they are when data come from the model and the posterior is computed
 * correctly (Talts, Betancourt, Simpson, Vehtari and Gelman 2018, arXiv 1804.06788). The chance that a correct posterior fails is
 * at most alpha. Failed replicates have no ranks and are only counted; many of them leave the others a selection.
 * @param rankedDraws number of draws that every rank was taken among
 * @throws UsageError when no replicate has ranks.
 */
export function calibrationTest(records: readonly CalibrationRecord[], rankedDraws: number, alpha = 0.01): Calibration {
  const ranked = records.filter(({ failure }) => failure === undefined)
  const names = [...new Set(ranked.flatMap(({ ranks }) => Object.keys(ranks)))]
  const columns = names.map((name) => ranked.flatMap(({ ranks }) => ranks[name] ?? []))
  const tests = (columns.length > 0 ? columns : [[]]).map((ranks) => ecdfTest(ranks, rankedDraws))
  const adjusted = holm(tests.map(({ pValue }) => pValue))
  const quantities = names.map((name, index) => ({
    ...tests[index],
    name,
    adjustedPValue: adjusted[index],
    isRejected: adjusted[index] <= alpha,
    deviation: deviationOf(columns[index], rankedDraws),
    histogram: histogram(columns[index], rankedDraws),
  }))
  return {
    status: quantities.some(({ isRejected }) => isRejected) ? 'failed' : 'passed',
    replicateCount: records.length,
    rankedDraws,
    alpha,
    quantities: quantities.sort((a, b) => a.pValue - b.pValue),
    shortReplicates: ranked.filter(({ effectiveSampleSize }) => !(effectiveSampleSize >= rankedDraws)).length,
    divergentReplicates: ranked.filter(({ divergences }) => divergences > 0).length,
    failedReplicates: records.length - ranked.length,
  }
}

/** Mean and mean square of centred ranks, each in standard errors of uniform ones; the larger speaks. */
function deviationOf(ranks: readonly number[], largestRank: number): Deviation {
  const centred = ranks.map((rank) => (rank + 0.5) / (largestRank + 1) - 0.5)
  const shift = mean(centred) * Math.sqrt(12)
  const spread = (mean(centred.map((value) => value * value)) - 1 / 12) * Math.sqrt(180)
  if (Math.abs(shift) > Math.abs(spread)) return shift > 0 ? 'too low' : 'too high'
  return spread > 0 ? 'too narrow' : 'too wide'
}

function histogram(ranks: readonly number[], largestRank: number): number[] {
  const values = largestRank + 1
  const binCount = Math.max(
    ...Array.from({ length: largestBinCount }, (_, index) => (values % (index + 1) === 0 ? index + 1 : 1)),
  )
  const counts = new Array<number>(binCount).fill(0)
  for (const rank of ranks) counts[Math.floor((rank * binCount) / values)]++
  return counts
}
