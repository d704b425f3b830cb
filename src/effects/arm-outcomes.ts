/**
 * The outcome of a person under each arm, where the first stage has a prognostic part that is linear: in trial j
 *
 *     m_j(x) = alpha_j + beta_j' x    under control,    m_j(x) + effect    under treatment.
 *
 * The trials' m_j(x) are pooled by a normal random-effects model with the grid posterior of `tauPosterior` (half-normal prior of scale 1, the reference standard deviation of the outcome), and
 * effects are those of the second stage, drawn independently of m: the two are negatively related within a trial, so that the outcome under treatment is stated a little too
 * widely. An outcome of one patient in a new setting adds the residual of a trial chosen at random.
 */
import type { Stream } from '../contract/stream.js'
import type { Draws } from '../draws/draws.js'
import { pooledMean, tauPosterior } from '../numeric/heterogeneity.js'
import { standardNormal } from '../random/standard-normal.js'
import { drawStudentT } from '../random/student-t.js'

export interface ArmOutcomes {
  /** Draws of the expected outcome in the average setting, outcome units. `[draw]` */
  readonly expected: { readonly control: Float64Array; readonly treated: Float64Array }
  /** Draws of the outcome of one patient in a new setting, outcome units. `[draw]` */
  readonly predicted: { readonly control: Float64Array; readonly treated: Float64Array }
}

export interface ArmOutcomesRequest {
  /** The trials' own draws, analysis scale. */
  readonly trials: readonly Draws[]
  /** The person's scaled prognostic covariates, `[column]`. */
  readonly prognostic: Float64Array
  /** Draws of the person's effect in outcome units: in the average and in a new setting. `[draw]` */
  readonly effects: { readonly average: Float64Array; readonly newSetting: Float64Array }
  /** Of the outcome. */
  readonly centre: number
  readonly scale: number
  readonly stream: Stream
}

const LEVEL_PRIOR_SCALE = 1

/** Undefined when a trial's draws have no such part: `alpha`, `sigma` and, if there are prognostic covariates, as many `beta`. */
export function armOutcomes(request: ArmOutcomesRequest): ArmOutcomes | undefined {
  const { trials, prognostic, effects, centre, scale, stream } = request
  if (trials.length === 0 || !trials.every((draws) => hasPrognosticPart(draws, prognostic.length))) return undefined
  const levels = trials.map((draws) => momentsOf(levelDraws(draws, prognostic)))
  const means = Float64Array.from(levels, ({ mean }) => mean)
  const variances = Float64Array.from(levels, ({ variance }) => variance)
  const tauOf = tauPosterior(means, variances, LEVEL_PRIOR_SCALE)
  const count = effects.average.length
  const [control, treated, oneControl, oneTreated] = [0, 1, 2, 3].map(() => new Float64Array(count))
  for (let draw = 0; draw < count; draw++) {
    const tau = tauOf(stream.uniform())
    const { mean, precision } = pooledMean(means, variances, tau ** 2)
    const level = mean + standardNormal(stream) / Math.sqrt(precision)
    const elsewhere = level + tau * standardNormal(stream)
    const residual = residualOf(trials[Math.floor(stream.uniform() * trials.length)], stream)
    control[draw] = centre + scale * level
    treated[draw] = control[draw] + effects.average[draw]
    oneControl[draw] = centre + scale * (elsewhere + residual(0))
    oneTreated[draw] = centre + scale * (elsewhere + residual(1)) + effects.newSetting[draw]
  }
  return { expected: { control, treated }, predicted: { control: oneControl, treated: oneTreated } }
}

const valuesOf = (draws: Draws, name: string) => draws.variables.find((variable) => variable.name === name)?.values

function hasPrognosticPart(draws: Draws, width: number): boolean {
  const [alpha, beta, sigma] = ['alpha', 'beta', 'sigma'].map((name) => valuesOf(draws, name))
  return alpha !== undefined && sigma !== undefined && (beta?.length ?? 0) === alpha.length * width
}

function levelDraws(draws: Draws, prognostic: Float64Array): Float64Array {
  const beta = valuesOf(draws, 'beta')
  return valuesOf(draws, 'alpha')!.map((alpha, draw) =>
    prognostic.reduce((sum, value, k) => sum + beta![draw * prognostic.length + k] * value, alpha),
  )
}

function momentsOf(values: Float64Array): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1) }
}

/** A random residual of the trial, by arm: that of treatment is wider or narrower where the model says so. */
function residualOf(draws: Draws, stream: Stream): (arm: 0 | 1) => number {
  const sigma = valuesOf(draws, 'sigma')!
  const at = Math.floor(stream.uniform() * sigma.length)
  const freedom = valuesOf(draws, 'degreesOfFreedom')?.[at]
  const ratio = valuesOf(draws, 'sigmaRatio')?.[at] ?? 1
  const standard = () => (freedom === undefined ? standardNormal(stream) : drawStudentT(stream, freedom))
  return (arm) => sigma[at] * (arm === 1 ? ratio : 1) * standard()
}
