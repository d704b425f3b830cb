/**
 * Hierarchical Bayesian meta-analysis of the coefficients of the treatment effect:
 *
 *     b_j | theta_j ~ N(theta_j, S_j),   theta_j ~ N(mu, T),   T = diag(tau) Omega diag(tau)
 *
 * b_j, S_j: estimate and covariance from trial j. The trials' own theta_j are integrated out, b_j ~ N(mu, S_j + T), which leaves no funnel to
 * sample, and are drawn afterwards from their conditional distribution. In `shared`: the forms of T (`between-trial-covariance`), distributions of theta_j
 * that are robust to aberrant trials (`trial-distribution`), trials whose posteriors are not normal (`site-likelihood`). Priors that shrink act on the
 * interactions of mu, once, whatever the number of trials.
 *
 * Sources: van Houwelingen, Arends and Stijnen 2002 (10.1002/sim.1040); Riley et al. 2020 (10.1002/sim.8516); heterogeneity priors
 * Roever et al. 2021 (10.1002/jrsm.1475).
 */
import * as tf from '@tensorflow/tfjs'
import type { Prior } from '../../src/contract/distribution.js'
import type { DerivedQuantity } from '../../src/contract/model.js'
import type { PoolingMethod } from '../../src/contract/pooling-method.js'
import type { Stream } from '../../src/contract/stream.js'
import { normal } from '../../src/distributions/normal.js'
import { type Dimension, type Draws, elementCount, type Variable } from '../../src/draws/draws.js'
import { variable } from '../../src/draws/variable.js'
import { model } from '../../src/language/model.js'
import { parseOptions } from '../../src/language/parse-options.js'
import { betweenTrialCorrelation, betweenTrialPriors, type Numbers, type Values } from './shared/between-trial-covariance.js'
import { hierarchicalCautions } from './shared/hierarchical-cautions.js'
import { hierarchicalData } from './shared/hierarchical-data.js'
import {
  type HierarchicalInput,
  type HierarchicalOptions,
  hierarchicalOptionsSchema,
  interactionPrior,
} from './shared/hierarchical-options.js'
import { describeHierarchical, heterogeneityPriorText } from './shared/hierarchical-text.js'
import { siteCorrection } from './shared/site-correction.js'
import {
  addFactor,
  drawTrial,
  type HierarchicalData,
  replicateEstimate,
  type SiteTensors,
  siteLogLikelihood,
} from './shared/site-likelihood.js'
import { siteLogRatios } from './shared/site-support.js'
import { trialComponents, trialDistributionPriors, trialLogLikelihoods, unseenFactor } from './shared/trial-distribution.js'

export { type HierarchicalData, type HierarchicalOptions, hierarchicalData }

/** The outcome's scale is 1 on the analysis scale: what a prior takes for the residual standard deviation. */
const REFERENCE_DEVIATION = 1

/** The model with these options as a value of the model language. */
export function hierarchicalModel(given: HierarchicalInput) {
  const options = hierarchicalOptionsSchema.parse(given)
  return model({
    name: 'hierarchical',
    parameters: ({ coefficient, study, patientCount }: HierarchicalData): Record<string, Prior> => ({
      ...averagePriors(options, coefficient, patientCount ?? study.labels.length),
      ...betweenTrialPriors(options, coefficient),
      ...trialDistributionPriors(options, study),
    }),
    logLikelihood: (values, data) => {
      const mu = average(values)
      const site = data as unknown as SiteTensors
      return trialLogLikelihoods(values, options, mu.size, (between) => siteLogLikelihood(mu, between, site))
    },
    derived: (values, { coefficient }) => derivedQuantities(values, coefficient, options),
    simulate: (stream, parameters, data) => {
      const mu = averageOf(parameters)
      const size = mu.length
      const out = new Float64Array(data.estimate.values.length)
      data.study.labels.forEach((_, trial) => {
        const own = unlessGiven(parameters, options, trial) ?? unseenFactor(stream, parameters, options, size, 'trial')
        out.set(replicateEstimate(stream, addFactor(stream, own, mu), data, trial), trial * size)
      })
      return out
    },
    outcome: ({ estimate }) => estimate.values,
    withOutcome: (data, outcome) => ({ ...data, estimate: { values: outcome, shape: data.estimate.shape } }),
    generate: (stream, parameters, data) => generated(stream, parameters, data, options),
  })
}

function averagePriors(options: HierarchicalOptions, coefficient: Dimension, patientCount: number): Record<string, Prior> {
  const shrinking = interactionPrior(options)
  const [treatment, ...interactions] = coefficient.labels
  if (!shrinking || interactions.length === 0) return { mu: normal(0, options.meanScale, { shape: [coefficient] }) }
  const context = { patientCount, residualScale: REFERENCE_DEVIATION }
  return {
    delta: normal(0, options.meanScale, { shape: [{ name: coefficient.name, labels: [treatment] }] }),
    ...shrinking.prior.declare('gamma', { name: coefficient.name, labels: interactions }, shrinking.options, context),
  }
}

const average = ({ mu, delta, gamma }: Values): tf.Tensor => mu ?? tf.concat([delta, gamma])
const averageOf = ({ mu, delta, gamma }: Numbers): Float64Array => mu ?? Float64Array.of(...delta, ...gamma)

function derivedQuantities(
  values: Values,
  coefficient: Dimension,
  options: HierarchicalOptions,
): Record<string, DerivedQuantity> {
  const correlation = betweenTrialCorrelation(values, coefficient.labels.length)
  const shrinking = values.mu ? undefined : interactionPrior(options)
  const interactions = { name: coefficient.name, labels: coefficient.labels.slice(1) }
  return {
    ...(values.mu ? {} : { mu: { value: average(values), dimensions: [coefficient] } }),
    ...(shrinking?.prior.derived?.('gamma', values, interactions, shrinking.options) ?? {}),
    ...(correlation ? { Omega: { value: correlation, dimensions: [coefficient, coefficient] } } : {}),
  }
}

/** The factor of a trial whose own scale is among the parameters. */
function unlessGiven(parameters: Numbers, options: HierarchicalOptions, trial: number) {
  return parameters.trialWeight ? trialComponents(parameters, options, averageOf(parameters).length, trial)[0].factor : undefined
}

function generated(stream: Stream, parameters: Numbers, data: HierarchicalData, options: HierarchicalOptions) {
  const mu = averageOf(parameters)
  const size = mu.length
  const theta = new Float64Array(data.study.labels.length * size)
  const aberrant = new Float64Array(data.study.labels.length)
  for (let trial = 0; trial < data.study.labels.length; trial++) {
    const drawn = drawTrial(stream, mu, trialComponents(parameters, options, size, trial), data, trial)
    theta.set(drawn.theta, trial * size)
    aberrant[trial] = drawn.componentProbabilities[1] ?? 0
  }
  const fresh = addFactor(stream, unseenFactor(stream, parameters, options, size, 'setting'), mu)
  return {
    theta: { value: theta, dimensions: [data.study, data.coefficient] },
    theta_new: { value: fresh, dimensions: [data.coefficient] },
    ...(options.betweenTrials === 'contamination' ? { aberrant: { value: aberrant, dimensions: [data.study] } } : {}),
  }
}

/** Variables that pooling hands on; the last two, over trials, are those of `contamination` and `student-t`. */
const HANDED_ON = ['mu', 'tau', 'Omega', 'theta', 'theta_new', 'aberrant', 'trialWeight']

/** tau with a zero for every coefficient that is common to the trials; the other variables as they are. */
function pooledDraws(draws: Draws): Draws {
  const coefficient = variable(draws, 'mu').dimensions[0]
  const varying = elementCount(variable(draws, 'tau'))
  const size = coefficient.labels.length
  const count = draws.chainCount * draws.drawCount
  const variables = HANDED_ON.flatMap((name): Variable[] => {
    const found = draws.variables.find((candidate) => candidate.name === name)
    if (!found) return []
    if (name !== 'tau' || varying === size) return [found]
    const values = new Float64Array(count * size)
    for (let draw = 0; draw < count; draw++) values.set(found.values.subarray(draw * varying, (draw + 1) * varying), draw * size)
    return [{ name, dimensions: [coefficient], values }]
  })
  return { ...draws, variables }
}

/** Between-trial standard deviations near 0 make steep corners, where the default of 0.8 leaves some divergences. */
const TARGET_ACCEPTANCE = 0.95

/** The same with other scales of the priors of the between-trial standard deviations. */
function scaledBy(options: HierarchicalOptions, factor: number): HierarchicalOptions {
  const { heterogeneityScale: scale } = options
  const heterogeneityScale =
    typeof scale === 'number' ? scale * factor : { treatment: scale.treatment * factor, interaction: scale.interaction * factor }
  return { ...options, heterogeneityScale }
}

export const poolingMethod: PoolingMethod<HierarchicalOptions, HierarchicalData> = {
  name: 'hierarchical',
  takes: 'coefficients',
  summary:
    'hierarchical Bayesian meta-analysis of the coefficients: random effect, diagonal, unstructured or factor between-trial covariance, robust forms',
  targetAcceptance: (options) => Math.max(TARGET_ACCEPTANCE, interactionPrior(options)?.prior.targetAcceptance ?? 0),
  takesDraws: ({ siteLikelihood }) => siteLikelihood === 'draws',
  dividesOutPrior: ({ firstStagePrior }) => firstStagePrior === 'divide-out',
  alternatives: (options) =>
    [options, scaledBy(options, 1 / 2), scaledBy(options, 2)].map((each) => ({
      label: heterogeneityPriorText(each),
      options: each,
    })),
  cautions: hierarchicalCautions,
  siteLogRatios: (draws, data, options) => (data.deviation ? siteLogRatios(draws, data, options) : undefined),
  siteCorrection,
  parseOptions: (raw) => {
    const options = parseOptions('secondStage', 'method', hierarchicalOptionsSchema, raw)
    const shrinking = interactionPrior(options)
    return shrinking ? { ...options, prior: { name: shrinking.prior.name, ...shrinking.options } } : options
  },
  describe: describeHierarchical,
  condition: (trials, options) => ({ model: hierarchicalModel(options), data: hierarchicalData(trials, options) }),
  pooledDraws,
}
