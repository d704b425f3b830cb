import type { NumericArray } from '../../../src/contract/model.js'
import type { TrialEstimate } from '../../../src/contract/trial.js'
import { DataError } from '../../../src/errors/data-error.js'
import { choleskyInPlace } from '../../../src/numeric/cholesky.js'
import { observedCoefficients, observedPart, pickMatrix, pickVector } from '../../../src/numeric/missing-coefficients.js'
import { withoutPrior } from './divide-out.js'
import { type HierarchicalOptions, hierarchicalOptionsSchema } from './hierarchical-options.js'
import { siteKernels, usedDrawCount } from './site-draws.js'
import type { HierarchicalData } from './site-likelihood.js'

/**
 * What the trials say, checked and laid out for the model.
 * @throws DataError for fewer than two trials, trials with different coefficients, estimates that are not finite, a covariance that is not positive definite, a
 *   first-stage prior that cannot be divided out, or draws that cannot be used; naming the trial.
 */
export function hierarchicalData(
  trials: readonly TrialEstimate[],
  options: HierarchicalOptions = hierarchicalOptionsSchema.parse({}),
): HierarchicalData {
  checkTrials(trials)
  if (options.siteLikelihood === 'draws') return kernelData(trials, options, options.siteDrawCount, 'smooth')
  const { size, observed, own, common } = layout(trials)
  const used = (options.firstStagePrior === 'divide-out' ? own.map(withoutPrior) : own).map((trial, index) => {
    const back = placesAmong(observed[index], size)
    return { estimate: pickVector(trial.estimate, back, 0), covariance: paddedCovariance(trial.covariance, back) }
  })
  return {
    ...common,
    estimate: stack(used, 'estimate', [trials.length, size]),
    covariance: stack(used, 'covariance', [trials.length, size, size]),
  }
}

/** Draws for one that the sampler uses. */
const SHARP_DRAWS = 4

/** The trials' draws hardly smoothed, and more of them: what draws sampled with the smoothed ones are corrected towards. */
export function sharpData(trials: readonly TrialEstimate[], options: HierarchicalOptions): HierarchicalData {
  return kernelData(trials, options, SHARP_DRAWS * options.siteDrawCount, 'sharp')
}

function layout(trials: readonly TrialEstimate[]) {
  const names = trials[0].coefficientNames
  const size = names.length
  const observed = trials.map(({ estimate }) => observedCoefficients(estimate))
  return {
    size,
    observed,
    own: trials.map(observedPart),
    common: {
      study: { name: 'study', labels: trials.map((trial) => trial.study) },
      coefficient: { name: 'coefficient', labels: names },
      patientCount: trials.reduce((sum, trial) => sum + trial.patientCount, 0),
      ...(observed.some((places) => places.length < size) && { observed: observedArray(observed, size) }),
    },
  }
}

function kernelData(
  trials: readonly TrialEstimate[],
  options: HierarchicalOptions,
  wanted: number,
  sharpness: 'smooth' | 'sharp',
): HierarchicalData {
  const { size, observed, own, common } = layout(trials)
  const kernelCount = usedDrawCount(own, wanted)
  const kernels = own.map((trial, index) => {
    const made = siteKernels(trial, options, kernelCount, sharpness)
    const back = placesAmong(observed[index], size)
    return {
      estimate: pickVector(made.estimate, back, 0),
      covariance: paddedCovariance(made.kernelCovariance, back),
      deviation: paddedRows(made.deviation, back, kernelCount),
      logWeight: made.logWeight,
    }
  })
  const count = trials.length
  return {
    ...common,
    estimate: stack(kernels, 'estimate', [count, size]),
    covariance: stack(kernels, 'covariance', [count, size, size]),
    deviation: stack(kernels, 'deviation', [count, size, kernelCount]),
    logWeight: stack(kernels, 'logWeight', [count, kernelCount]),
  }
}

/** For each coefficient its place among those that the trial has; -1 for one that it lacks. */
const placesAmong = (observed: readonly number[], size: number): number[] =>
  Array.from({ length: size }, (_, coefficient) => observed.indexOf(coefficient))

function observedArray(observed: readonly (readonly number[])[], size: number): NumericArray {
  const values = Float64Array.from(observed.flatMap((places) => placesAmong(places, size).map((place) => (place < 0 ? 0 : 1))))
  return { values, shape: [observed.length, size] }
}

/** Variance 1 and no covariances for what the trial lacks. */
function paddedCovariance(covariance: Float64Array, back: readonly number[]): Float64Array {
  const padded = pickMatrix(covariance, Math.sqrt(covariance.length), back, 0)
  back.forEach((place, coefficient) => {
    if (place < 0) padded[coefficient * (back.length + 1)] = 1
  })
  return padded
}

/** `[own, kernel]` to `[coefficient, kernel]`, 0 for what the trial lacks. */
function paddedRows(rows: Float64Array, back: readonly number[], width: number): Float64Array {
  const padded = new Float64Array(back.length * width)
  back.forEach((place, coefficient) => {
    if (place >= 0) padded.set(rows.subarray(place * width, (place + 1) * width), coefficient * width)
  })
  return padded
}

function stack<Name extends string>(
  parts: readonly { readonly [Key in Name]: Float64Array }[],
  name: Name,
  shape: readonly number[],
): NumericArray {
  const values = new Float64Array(shape.reduce((product, length) => product * length, 1))
  parts.forEach((part, index) => {
    values.set(part[name], (index * values.length) / parts.length)
  })
  return { values, shape }
}

/** Whether a trial has numbers for the coefficients that it has. */
const isFiniteBut = (estimate: Float64Array, isLacking: Float64Array): boolean =>
  estimate.every((value, at) => isLacking[at] === 1 || Number.isFinite(value))

function checkTrials(trials: readonly TrialEstimate[]): void {
  if (trials.length < 2)
    throw new DataError({
      problem: trials.length === 0 ? 'there is no trial to pool' : `"${trials[0].study}" is the only trial to pool`,
      reason: 'differences between trials cannot be told from fewer than two',
      remedy: 'Give at least two trials, or use the estimate of the one trial as it is.',
    })
  const [{ coefficientNames: names, study: first }] = trials
  for (const trial of trials) {
    const { study, coefficientNames, estimate, covariance } = trial
    if (coefficientNames.join('\n') !== names.join('\n'))
      throw new DataError({
        problem: `trials "${first}" and "${study}" have different coefficients`,
        reason: `${names.join(', ')} against ${coefficientNames.join(', ')}`,
        remedy: 'Fit all trials with the same covariates, coded and ordered alike.',
      })
    const size = names.length
    const isLacking = estimate.map((value, at) => Number(Number.isNaN(value) && Number.isNaN(covariance[at * (size + 1)])))
    if (estimate.length !== size || covariance.length !== size * size || isLacking[0] || !isFiniteBut(estimate, isLacking))
      throw new DataError({
        problem: `the estimate of trial "${study}" is not ${size} finite numbers with a ${size} x ${size} covariance`,
        reason: `it has ${estimate.length} numbers, ${Array.from(estimate.subarray(0, 5)).join(', ')}..., and ${covariance.length} covariances`,
        remedy: 'Check the first stage of this trial, or leave the trial out.',
      })
    const own = observedPart(trial)
    if (!choleskyInPlace(own.covariance.slice(), own.estimate.length))
      throw new DataError({
        problem: `the covariance of the coefficients of trial "${study}" is not positive definite`,
        reason: 'its design is singular or nearly so',
        remedy: 'Leave the trial out, drop a covariate that does not vary in it, or use a first-stage model with proper priors.',
      })
  }
}
