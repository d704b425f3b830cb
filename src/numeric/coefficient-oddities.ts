/**
 * Trials whose coefficients do not look like those of the others.
 *
 * Scale: sqrt(n_j S_j[i, i]) is about twice the residual standard deviation over the spread of the covariate, so that its ratio to the median of the other trials shows
 * other units of the outcome (all coefficients alike) or of one covariate. Location: each coefficient against the leave-one-out prediction of the other
 * trials, (b - mu) / sqrt(S + tau^2 + Var mu) with Student's t on J - 2 degrees of freedom, Bonferroni over trials and coefficients. Sign: the density of the
 * trial's coefficients with all signs turned over their density as they are, in the multivariate t distribution that the other trials predict; a ratio above c has a
 * probability below 1 / c when the trial is like the others. Turned, they must agree with the others.
 */
import { derSimonianLaird, pooledMean } from './heterogeneity.js'
import { solvePositiveDefinite } from './positive-definite.js'
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
  /** Variance of the prediction beside the trial's own error, and its degrees of freedom. */
  readonly spread: number
  readonly degrees: number
}

/** At most one oddity a trial, the gravest; none with fewer than 4 trials. */
export function coefficientOddities(trials: readonly ComparedTrial[]): CoefficientOddity[] {
  if (trials.length < FEWEST_TRIALS) return []
  const count = trials.reduce((sum, { coefficientNames }) => sum + coefficientNames.length, 0)
  return trials.flatMap((trial) => {
    const comparisons = compare(trial, trials)
    const found =
      comparisons.length > 0 ? (judgeScale(comparisons) ?? judgeLocation(trial, comparisons, trials.length, count)) : undefined
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
        spread: tauSquared + 1 / precision,
        degrees: others.length - 1,
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

interface Judgement {
  readonly kind: CoefficientOddity['kind']
  readonly comparison: Comparison
}

/** The outcome where all coefficients are off the same way; one that is not shows that it is a covariate. */
function judgeScale(comparisons: readonly Comparison[]): Judgement | undefined {
  const logs = comparisons.map(({ ratio }) => Math.log(ratio))
  const limit = Math.log(SCALE_RATIO)
  const isSameWay = logs.every((log) => log > limit / 2) || logs.every((log) => log < -limit / 2)
  if (isSameWay && Math.abs(median(logs)) > limit) return { kind: 'outcome-scale', comparison: comparisons[0] }
  // the effect at the reference moves with a covariate's unit too, and is not the one to name
  const named = comparisons.length > 1 ? comparisons.slice(1) : comparisons
  const size = ({ ratio }: Comparison) => Math.abs(Math.log(ratio))
  const furthest = named.reduce((most, each) => (size(each) > size(most) ? each : most))
  return size(furthest) > limit ? { kind: 'covariate-scale', comparison: furthest } : undefined
}

function judgeLocation(
  trial: ComparedTrial,
  comparisons: readonly Comparison[],
  trialCount: number,
  coefficientCount: number,
): Judgement | undefined {
  const oddest = comparisons.reduce((least, each) => (each.p < least.p ? each : least))
  const agrees = comparisons.every(({ pTurned }) => pTurned > 0.05 / comparisons.length)
  if (agrees && turnedLogRatio(trial, comparisons) > Math.log(trialCount / FALSE_ALARM))
    return { kind: 'sign', comparison: oddest }
  return oddest.p < FALSE_ALARM / coefficientCount ? { kind: 'outlying', comparison: oddest } : undefined
}

/** Log density of the trial's coefficients with their signs turned less that of the coefficients as they are. */
function turnedLogRatio({ coefficientNames, covariance }: ComparedTrial, comparisons: readonly Comparison[]): number {
  const size = comparisons.length
  const places = comparisons.map(({ name }) => coefficientNames.indexOf(name))
  const total = Float64Array.from({ length: size * size }, (_, at) => {
    const [row, column] = [Math.floor(at / size), at % size]
    const own = covariance[places[row] * coefficientNames.length + places[column]]
    return row === column ? own + comparisons[row].spread : own
  })
  const distance = (sign: number) => {
    const deviation = Float64Array.from(comparisons, ({ estimate, others }) => sign * estimate - others)
    return solvePositiveDefinite(total, deviation).reduce((sum, value, at) => sum + value * deviation[at], 0)
  }
  const degrees = Math.min(...comparisons.map((comparison) => comparison.degrees))
  return ((degrees + size) / 2) * Math.log((1 + distance(1) / degrees) / (1 + distance(-1) / degrees))
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
