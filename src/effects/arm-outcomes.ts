/**
 * The outcome of a person under each arm. In trial j the first stage gives the expected outcome under control c_j and the effect d_j together, with covariance V_j; over
 * trials
 *
 *     (c_j, d_j) ~ N((c, d), diag(omega^2, tau^2)),
 *
 * omega and tau with the grid posterior of `tauPosterior` (half-normal priors of scale 1, the reference standard deviation of the outcome). Effects are those of the
 * second stage, and c is drawn from its distribution given the pooled effect d: within a trial a low control arm goes with a large effect, so that the two are not
 * independent. Control level and effect are taken to differ between trials independently. An outcome of one patient in a new setting adds the residual of a trial
 * chosen at random.
 */
import type { Stream } from '../contract/stream.js'
import type { Draws } from '../draws/draws.js'
import { tauPosterior } from '../numeric/heterogeneity.js'
import { standardNormal } from '../random/standard-normal.js'
import { drawStudentT } from '../random/student-t.js'

export interface ArmOutcomes {
  /** Draws of the expected outcome in the average setting, outcome units. `[draw]` */
  readonly expected: { readonly control: Float64Array; readonly treated: Float64Array }
  /** Draws of the outcome of one patient in a new setting, outcome units. `[draw]` */
  readonly predicted: { readonly control: Float64Array; readonly treated: Float64Array }
}

/** One trial's draws of a person's expected outcome under each arm, analysis scale, `[draw]`, and those of its parameters. */
export interface TrialOutcomes {
  readonly control: Float64Array
  readonly treated: Float64Array
  /** With `sigma`, and `degreesOfFreedom` and `sigmaRatio` where the model has them. */
  readonly parameters: Draws
}

export interface ArmOutcomesRequest {
  readonly trials: readonly TrialOutcomes[]
  /** Draws of the person's effect in outcome units: in the average and in a new setting. `[draw]` */
  readonly effects: { readonly average: Float64Array; readonly newSetting: Float64Array }
  /** Of the outcome. */
  readonly centre: number
  readonly scale: number
  readonly stream: Stream
}

const LEVEL_PRIOR_SCALE = 1

/** @param request with at least one trial */
export function armOutcomes({ trials, effects, centre, scale, stream }: ArmOutcomesRequest): ArmOutcomes {
  const moments = trials.map(jointMoments)
  const tauOf = (part: 'level' | 'effect') =>
    tauPosterior(
      Float64Array.from(moments, (one) => one[part].mean),
      Float64Array.from(moments, (one) => one[part].variance),
      LEVEL_PRIOR_SCALE,
    )
  const [omegaOf, effectTauOf] = [tauOf('level'), tauOf('effect')]
  const count = effects.average.length
  const [control, treated, oneControl, oneTreated] = [0, 1, 2, 3].map(() => new Float64Array(count))
  for (let draw = 0; draw < count; draw++) {
    const omega = omegaOf(stream.uniform())
    const pooled = pooledPair(moments, omega ** 2, effectTauOf(stream.uniform()) ** 2)
    const level =
      pooled.mean + pooled.slope * (effects.average[draw] / scale - pooled.effect) + pooled.sd * standardNormal(stream)
    const elsewhere = level + omega * standardNormal(stream)
    const residual = residualOf(trials[Math.floor(stream.uniform() * trials.length)].parameters, stream)
    control[draw] = centre + scale * level
    treated[draw] = control[draw] + effects.average[draw]
    oneControl[draw] = centre + scale * (elsewhere + residual(0))
    oneTreated[draw] = centre + scale * (elsewhere + residual(1)) + effects.newSetting[draw]
  }
  return { expected: { control, treated }, predicted: { control: oneControl, treated: oneTreated } }
}

interface Moments {
  readonly mean: number
  readonly variance: number
}

interface JointMoments {
  readonly level: Moments
  readonly effect: Moments
  readonly covariance: number
}

function jointMoments({ control, treated }: TrialOutcomes): JointMoments {
  const effects = treated.map((value, draw) => value - control[draw])
  const [level, effect] = [momentsOf(control), momentsOf(effects)]
  const product = control.reduce((sum, value, draw) => sum + (value - level.mean) * (effects[draw] - effect.mean), 0)
  return { level, effect, covariance: product / (control.length - 1) }
}

function momentsOf(values: Float64Array): Moments {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1) }
}

/** With flat priors: mean of the pooled level where the effect is at its own mean, `effect`; regression of the level on the effect; what is left. */
function pooledPair(trials: readonly JointMoments[], omegaSquared: number, tauSquared: number) {
  let [ofLevel, shared, ofEffect, levels, effects] = [0, 0, 0, 0, 0]
  for (const { level, effect, covariance } of trials) {
    const [a, b] = [level.variance + omegaSquared, effect.variance + tauSquared]
    const determinant = a * b - covariance * covariance
    const [x, y, z] = [b / determinant, -covariance / determinant, a / determinant]
    ofLevel += x
    shared += y
    ofEffect += z
    levels += x * level.mean + y * effect.mean
    effects += y * level.mean + z * effect.mean
  }
  const determinant = ofLevel * ofEffect - shared * shared
  return {
    mean: (ofEffect * levels - shared * effects) / determinant,
    effect: (ofLevel * effects - shared * levels) / determinant,
    slope: -shared / ofLevel,
    sd: 1 / Math.sqrt(ofLevel),
  }
}

const valuesOf = (draws: Draws, name: string) => draws.variables.find((variable) => variable.name === name)?.values

/** A random residual of the trial, by arm: that of treatment is wider or narrower where the model says so. */
function residualOf(draws: Draws, stream: Stream): (arm: 0 | 1) => number {
  const sigma = valuesOf(draws, 'sigma')!
  const at = Math.floor(stream.uniform() * sigma.length)
  const freedom = valuesOf(draws, 'degreesOfFreedom')?.[at]
  const ratio = valuesOf(draws, 'sigmaRatio')?.[at] ?? 1
  const standard = () => (freedom === undefined ? standardNormal(stream) : drawStudentT(stream, freedom))
  return (arm) => sigma[at] * (arm === 1 ? ratio : 1) * standard()
}
