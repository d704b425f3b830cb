/**
 * Trials whose coefficients do not look like those of the others.
 *
 * Scale: sqrt(n_j S_j[i, i]) is about twice the residual standard deviation over the spread of the covariate, so that its ratio to the median of the other trials shows
 * other units of the outcome (all coefficients alike) or of one covariate. Location: each coefficient against the leave-one-out prediction of the other
 * trials, (b - mu) / sqrt(S + tau^2 + Var mu) with Student's t on J - 2 degrees of freedom, Bonferroni over trials and coefficients; sign, when turning the
 * signs of the whole trial brings all of its coefficients back.
 */
import { derSimonianLaird, pooledMean } from './heterogeneity.js'
import { studentTCdf } from './student-t-cdf.js'

export interface CoefficientOddity {
  readonly kind: 'outcome-scale' | 'covariate-scale' | 'sign' | 'outlying'
  readonly study: string
  /** The coefficient that shows it most. */
  readonly coefficientName: string
  /** Of standard errors times sqrt(patients) to the median of the other trials. */
  readonly ratio: number
  readonly estimate: number
  /** Mean of the other trials. */
  readonly others: number
}

export interface ComparedTrial {
  readonly study: string
  readonly patientCount: number
  readonly coefficientNames: readonly string[]
  readonly estimate: Float64Array
  /** `[coefficient, coefficient]` */
  readonly covariance: Float64Array
}

/** Trials of one disease differ by less in residual standard deviation; METHOD 6.5 asks questions from 2 on, units differ by more. Arbitrary. */
const SCALE_RATIO = 4
/** Family-wise chance of a false alarm about location. */
const FALSE_ALARM = 0.01
/** Below this many trials the others say too little. */
const FEWEST_TRIALS = 4

interface Comparison {
  readonly name: string
  readonly ratio: number
  readonly estimate: number
  readonly others: number
  /** Two-sided p-values of the estimate and of the estimate with its sign turned. */
  readonly p: number
  readonly pTurned: number
}

/** At most one oddity a trial, the gravest; none with fewer than 4 trials. */
export function coefficientOddities(trials: readonly ComparedTrial[]): CoefficientOddity[] {
  if (trials.length < FEWEST_TRIALS) return []
  const count = trials.reduce((sum, { coefficientNames }) => sum + coefficientNames.length, 0)
  return trials.flatMap((trial) => {
    const comparisons = compare(trial, trials)
    const found = comparisons.length > 0 ? judge(comparisons, FALSE_ALARM / count) : undefined
    if (found === undefined) return []
    const { name, ratio, estimate, others } = found.comparison
    return [{ kind: found.kind, study: trial.study, coefficientName: name, ratio, estimate, others }]
  })
}

function compare(trial: ComparedTrial, trials: readonly ComparedTrial[]): Comparison[] {
  return trial.coefficientNames.flatMap((name): Comparison[] => {
    const own = coefficientOf(trial, name)
    const others = trials.flatMap((other) => (other === trial ? [] : (coefficientOf(other, name) ?? [])))
    if (own === undefined || others.length < FEWEST_TRIALS - 1) return []
    const effects = Float64Array.from(others, ({ estimate }) => estimate)
    const variances = Float64Array.from(others, ({ variance }) => variance)
    const tauSquared = derSimonianLaird(effects, variances)
    const { mean, precision } = pooledMean(effects, variances, tauSquared)
    const standardError = Math.sqrt(own.variance + tauSquared + 1 / precision)
    const p = (estimate: number) => 2 * studentTCdf(-Math.abs(estimate - mean) / standardError, others.length - 1)
    return [
      {
        name,
        ratio: own.unitError / median(others.map(({ unitError }) => unitError)),
        estimate: own.estimate,
        others: mean,
        p: p(own.estimate),
        pTurned: p(-own.estimate),
      },
    ]
  })
}

function coefficientOf({ coefficientNames, estimate, covariance, patientCount }: ComparedTrial, name: string) {
  const at = coefficientNames.indexOf(name)
  const variance = at < 0 ? Number.NaN : covariance[at * (coefficientNames.length + 1)]
  if (!(variance > 0 && Number.isFinite(variance) && Number.isFinite(estimate[at]))) return undefined
  return { estimate: estimate[at], variance, unitError: Math.sqrt(patientCount * variance) }
}

function judge(
  comparisons: readonly Comparison[],
  threshold: number,
): { kind: CoefficientOddity['kind']; comparison: Comparison } | undefined {
  const size = (comparison: Comparison) => Math.abs(Math.log(comparison.ratio))
  const limit = Math.log(SCALE_RATIO)
  const ratios = comparisons.map(({ ratio }) => ratio)
  const furthest = comparisons.reduce((most, each) => (size(each) > size(most) ? each : most))
  if (Math.abs(Math.log(median(ratios))) > limit) return { kind: 'outcome-scale', comparison: comparisons[0] }
  if (size(furthest) > limit) return { kind: comparisons.length > 1 ? 'covariate-scale' : 'outcome-scale', comparison: furthest }
  const oddest = comparisons.reduce((least, each) => (each.p < least.p ? each : least))
  if (oddest.p >= threshold) return undefined
  const isTurned = comparisons.every(({ pTurned }) => pTurned > 0.05)
  return { kind: isTurned ? 'sign' : 'outlying', comparison: oddest }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
