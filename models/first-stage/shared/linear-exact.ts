/** Independent draws from the posterior of the linear model, where it has a closed form given the residual standard deviation. */
import type { ExactForm } from '../../../src/contract/coefficient-prior.js'
import type { ExactRequest } from '../../../src/contract/first-stage-model.js'
import type { TrialDesign } from '../../../src/contract/trial.js'
import type { Draws } from '../../../src/draws/draws.js'
import { exactRegressionSampler, type RegressionSampler, type ResidualPrior } from '../../../src/numeric/exact-regression.js'
import { exactSpikeAndSlabSampler } from '../../../src/numeric/exact-spike-and-slab-draws.js'
import { trialRegressionDesign } from '../../../src/numeric/trial-regression.js'
import { chosenPrior } from '../../coefficient-priors.js'
import { type LinearOptions, RESIDUAL_DEGREES_OF_FREEDOM } from './linear-options.js'
import { regressionDraws, slabProbabilities } from './regression-draws.js'

/** Patterns of spike and slab that may be weighed, over all draws: a second or two. With 4000 draws 14 coefficients may have the prior. */
const MOST_PATTERNS = 2 ** 26

/** `undefined` where draws have to come from chains: other errors than normal ones with one variance, other priors, too many spiked coefficients. */
export function exactLinearDraws(trial: TrialDesign, options: LinearOptions, request: ExactRequest): Draws | undefined {
  const { errors, exact } = options
  const { prior, options: priorOptions } = chosenPrior(options.prior)
  const form = prior.exactForm?.(priorOptions)
  if (!form || !exact || errors.byArm || errors.family !== 'normal') return undefined
  if (form.kind === 'normal' && form.isRelative && Object.values(options.scales).some(Number.isFinite)) return undefined
  const shrunken = shrunkenCoefficients(trial, options)
  if (form.kind === 'mixture' && request.chainCount * request.drawCount * 2 ** shrunken.length > MOST_PATTERNS) return undefined
  const draws = regressionDraws(trial, sampler(trial, options, form, shrunken), request)
  return form.kind === 'mixture' ? slabProbabilities(draws, namesOfShrunken(options), form) : draws
}

function sampler(trial: TrialDesign, options: LinearOptions, form: ExactForm, shrunken: readonly number[]): RegressionSampler {
  const { values: design, coefficientCount } = trialRegressionDesign(trial)
  const priorScale = otherScales(trial, options, coefficientCount)
  const regression = { design, outcome: trial.outcome, priorScale, residual: residualPriorOf(options.residual) }
  if (form.kind === 'mixture' && shrunken.length > 0) return exactSpikeAndSlabSampler({ ...regression, ...form, open: shrunken })
  if (form.kind === 'flat') priorScale.fill(Number.POSITIVE_INFINITY)
  if (form.kind === 'normal') for (const position of shrunken) priorScale[position] = form.scale
  return exactRegressionSampler({ ...regression, isRelative: form.kind === 'normal' && form.isRelative })
}

const namesOfShrunken = ({ appliesTo }: LinearOptions) => (appliesTo === 'covariates' ? ['beta', 'gamma'] : ['gamma'])

/** Positions, in the order of the design, of the coefficients that the prior is of. */
function shrunkenCoefficients(trial: TrialDesign, { appliesTo }: LinearOptions): number[] {
  const { coefficientCount, treatmentIndex } = trialRegressionDesign(trial)
  return Array.from({ length: coefficientCount }, (_, index) => index).filter(
    (index) => index > treatmentIndex || (appliesTo === 'covariates' && index > 0 && index < treatmentIndex),
  )
}

function otherScales(trial: TrialDesign, { scales }: LinearOptions, coefficientCount: number): Float64Array {
  const { treatmentIndex } = trialRegressionDesign(trial)
  return Float64Array.from({ length: coefficientCount }, (_, index) => {
    if (index === 0) return scales.intercept
    return index < treatmentIndex ? scales.prognostic : scales.treatment
  })
}

/** Of log sigma: the density of sigma times sigma. */
export function residualPriorOf({ family, scale }: LinearOptions['residual']): ResidualPrior {
  if (family === 'reference') return { logDensity: () => 0, scale: 0 }
  const logDensity = (sigma: number) => {
    const square = (sigma / scale) ** 2
    if (family === 'half-normal') return Math.log(sigma) - square / 2
    return Math.log(sigma) - ((RESIDUAL_DEGREES_OF_FREEDOM + 1) / 2) * Math.log1p(square / RESIDUAL_DEGREES_OF_FREEDOM)
  }
  return { logDensity, scale }
}
