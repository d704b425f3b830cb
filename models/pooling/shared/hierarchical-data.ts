import type { NumericArray } from '../../../src/contract/model.js'
import type { TrialEstimate } from '../../../src/contract/trial.js'
import { DataError } from '../../../src/errors/data-error.js'
import { choleskyInPlace } from '../../../src/numeric/cholesky.js'
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
  const count = trials.length
  const names = trials[0].coefficientNames
  const size = names.length
  const common = {
    study: { name: 'study', labels: trials.map((trial) => trial.study) },
    coefficient: { name: 'coefficient', labels: names },
    patientCount: trials.reduce((sum, trial) => sum + trial.patientCount, 0),
  }
  if (options.siteLikelihood === 'draws') {
    const kernelCount = usedDrawCount(trials, options)
    const kernels = trials.map((trial) => siteKernels(trial, options, kernelCount))
    return {
      ...common,
      estimate: stack(kernels, 'estimate', [count, size]),
      covariance: stack(kernels, 'kernelCovariance', [count, size, size]),
      deviation: stack(kernels, 'deviation', [count, size, kernelCount]),
      logWeight: stack(kernels, 'logWeight', [count, kernelCount]),
    }
  }
  const used = options.firstStagePrior === 'divide-out' ? trials.map(withoutPrior) : trials
  return {
    ...common,
    estimate: stack(used, 'estimate', [count, size]),
    covariance: stack(used, 'covariance', [count, size, size]),
  }
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

function checkTrials(trials: readonly TrialEstimate[]): void {
  if (trials.length < 2)
    throw new DataError({
      problem: trials.length === 0 ? 'there is no trial to pool' : `"${trials[0].study}" is the only trial to pool`,
      reason: 'differences between trials cannot be told from fewer than two',
      remedy: 'Give at least two trials, or use the estimate of the one trial as it is.',
    })
  const [{ coefficientNames: names, study: first }] = trials
  for (const { study, coefficientNames, estimate, covariance } of trials) {
    if (coefficientNames.join('\n') !== names.join('\n'))
      throw new DataError({
        problem: `trials "${first}" and "${study}" have different coefficients`,
        reason: `${names.join(', ')} against ${coefficientNames.join(', ')}`,
        remedy: 'Fit all trials with the same covariates, coded and ordered alike.',
      })
    const size = names.length
    if (estimate.length !== size || covariance.length !== size * size || !estimate.every(Number.isFinite))
      throw new DataError({
        problem: `the estimate of trial "${study}" is not ${size} finite numbers with a ${size} x ${size} covariance`,
        reason: `it has ${estimate.length} numbers, ${Array.from(estimate.subarray(0, 5)).join(', ')}..., and ${covariance.length} covariances`,
        remedy: 'Check the first stage of this trial, or leave the trial out.',
      })
    if (!choleskyInPlace(covariance.slice(), size))
      throw new DataError({
        problem: `the covariance of the coefficients of trial "${study}" is not positive definite`,
        reason: 'its design is singular or nearly so',
        remedy: 'Leave the trial out, drop a covariate that does not vary in it, or use a first-stage model with proper priors.',
      })
  }
}
