/** The second stages whose intervals are judged, each with its options, on the same exact first stage. */
import { poolingMethod as hierarchical } from '../../../models/pooling/hierarchical.js'
import { poolingMethod as mixture } from '../../../models/pooling/mixture.js'
import { poolingMethod as multivariate } from '../../../models/pooling/multivariate.js'
import { poolingMethod as weightedAverage } from '../../../models/pooling/weighted-average.js'
import type { EffectPoolingMethod } from '../../../src/contract/pooling-method.js'
import type { TrialDesign, TrialEstimate } from '../../../src/contract/trial.js'
import type { Draws } from '../../../src/draws/draws.js'
import { variable } from '../../../src/draws/variable.js'
import { coefficientEffects } from '../../../src/effects/coefficient-effects.js'
import { effectDraws } from '../../../src/effects/effect-draws.js'
import { fit } from '../../../src/fitting/fit.js'
import { choleskyFactor } from '../../../src/numeric/positive-definite.js'
import { drawGamma } from '../../../src/random/gamma.js'
import { drawMultivariateNormal } from '../../../src/random/multivariate-normal.js'
import { stream } from '../../../src/random/stream.js'

export interface CoverageJob {
  readonly trials: readonly TrialDesign[]
  /** Least squares in each trial. */
  readonly estimates: readonly TrialEstimate[]
  /** Scaled modifiers of the people, `[person, modifier]`. */
  readonly people: Float64Array
  readonly personCount: number
  readonly seed: number
  readonly key: string
}

/** Draws of the effects of people for the targets A (average setting) and B (new setting), `[draw, person]`. */
export interface TargetDraws {
  readonly average: Float64Array
  readonly newSetting: Float64Array
}

type Method = (job: CoverageJob) => Promise<TargetDraws>

/** Of each method's result. */
const COUNTS = { chainCount: 2, drawCount: 500 }
/** Of the first stage. */
const SITE_DRAWS = 1000

export const methods: Readonly<Record<string, Method>> = {
  'a multivariate, REML': async ({ people, personCount, estimates, seed, key }) =>
    fromCoefficients(
      multivariate.pool(estimates, multivariate.parseOptions({}), {
        ...COUNTS,
        streamFor: (chain) => stream(seed, 'multivariate', key, chain),
      }).draws,
      people,
      personCount,
    ),
  'b weighted average': byEffects(weightedAverage as EffectPoolingMethod, {}),
  'b weighted average, tau of each person': byEffects(weightedAverage as EffectPoolingMethod, {
    weights: 'posterior-variance',
    heterogeneity: 'posterior',
  }),
  'b weighted average, REML': byEffects(weightedAverage as EffectPoolingMethod, {
    heterogeneity: 'restricted-maximum-likelihood',
  }),
  'b weighted average, separate': byEffects(weightedAverage as EffectPoolingMethod, { components: 'separate' }),
  'b as published': byEffects(weightedAverage as EffectPoolingMethod, { heterogeneity: 'none' }),
  'c hierarchical': async ({ people, personCount, estimates, seed, key }) => {
    const options = hierarchical.parseOptions({ heterogeneity: 'random-effect' })
    const { model, data } = hierarchical.condition(estimates, options)
    const { draws } = await fit(model, data, { seed, purpose: `coverage ${key}`, chains: 2, warmup: 300, draws: 500, workers: 0 })
    return fromCoefficients(hierarchical.pooledDraws(draws), people, personCount)
  },
  'd mixture': byEffects(mixture as EffectPoolingMethod, {}),
  'd mixture over trials': byEffects(mixture as EffectPoolingMethod, { newSetting: 'mixture' }),
  'd mixture, stacking': byEffects(mixture as EffectPoolingMethod, { weights: 'stacking' }),
}

function fromCoefficients(draws: Draws, people: Float64Array, count: number): TargetDraws {
  const [average, newSetting] = ['mu', 'theta_new'].map((name) => {
    const coefficients = variable(draws, name).values
    const out = new Float64Array(draws.chainCount * draws.drawCount * count)
    const width = people.length / count
    for (let person = 0; person < count; person++)
      effectDraws(coefficients, Float64Array.of(1, ...people.subarray(person * width, (person + 1) * width))).forEach(
        (value, draw) => {
          out[draw * count + person] = value
        },
      )
    return out
  })
  return { average, newSetting }
}

function byEffects(method: EffectPoolingMethod, raw: Readonly<Record<string, unknown>>): Method {
  const options = method.parseOptions(raw)
  return async ({ trials, estimates, people, personCount, seed, key }) => {
    const predicted = trials.map((design, index) => ({
      design,
      predictor: coefficientEffects(exactPosterior(design, estimates[index], seed, key), ['delta', 'gamma']),
    }))
    const preparation = method.prepare?.(predicted, options, stream(seed, 'preparation', key))
    const width = people.length / personCount
    const reference = new Float64Array(width)
    const effects = predicted.map(({ design, predictor }) => ({
      study: design.study,
      patientCount: design.outcome.length,
      draws: predictor.predict(people, personCount, stream(seed)),
      modifiers: people,
      reference: { draws: predictor.predict(reference, 1, stream(seed)), modifiers: reference },
    }))
    const { draws } = method.pool(
      effects,
      options,
      {
        ...COUNTS,
        people: Array.from({ length: personCount }, (_, person) => String(person)),
        streamFor: (chain) => stream(seed, 'pooling', key, chain),
      },
      preparation,
    )
    return { average: variable(draws, 'mu').values, newSetting: variable(draws, 'theta_new').values }
  }
}

/** The posterior of least squares under flat priors of the coefficients and the logarithm of the residual standard deviation: multivariate t. */
function exactPosterior(design: TrialDesign, { estimate, covariance, study }: TrialEstimate, seed: number, key: string): Draws {
  const source = stream(seed, 'first stage', key, study)
  const size = estimate.length
  const factor = choleskyFactor(covariance, size)
  const degrees = design.outcome.length - 2 * size
  const [delta, gamma] = [new Float64Array(SITE_DRAWS), new Float64Array(SITE_DRAWS * (size - 1))]
  for (let draw = 0; draw < SITE_DRAWS; draw++) {
    const stretch = Math.sqrt(degrees / (2 * drawGamma(source, degrees / 2)))
    const deviation = drawMultivariateNormal(source, new Float64Array(size), factor)
    delta[draw] = estimate[0] + stretch * deviation[0]
    for (let k = 1; k < size; k++) gamma[draw * (size - 1) + k - 1] = estimate[k] + stretch * deviation[k]
  }
  const modifier = { name: 'modifier', labels: design.columns.map(({ name }) => name) }
  return {
    chainCount: 1,
    drawCount: SITE_DRAWS,
    variables: [
      { name: 'delta', dimensions: [], values: delta },
      { name: 'gamma', dimensions: [modifier], values: gamma },
    ],
  }
}
