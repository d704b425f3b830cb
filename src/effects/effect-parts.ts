import type { TrialEffects } from '../contract/pooling-method.js'

/** What is pooled of one person: the whole effect, or one of two parts that are pooled apart and added up. */
export interface EffectPart {
  /** Posterior means and variances in each trial, `[trial]`. */
  readonly means: Float64Array
  readonly variances: Float64Array
  /** Variances according to refits, `[trial]`; where there are refits. */
  readonly refitVariances?: Float64Array
  /** The contrast of this part with the coefficients of each trial's auxiliary model, `[trial][own]`. */
  readonly contrasts: readonly Float64Array[]
  /** Draws of the part in each trial, `[trial][draw]`. */
  readonly draws: readonly Float64Array[]
}

/** One person's effects in all trials. */
export interface PersonParts {
  readonly parts: readonly EffectPart[]
  /** Covariance of the two parts in each trial, `[trial]`; 0 when there is one. */
  readonly covariances: Float64Array
  /** Draws in each trial, `[trial]`. */
  readonly drawCounts: readonly number[]
}

/** The whole effect of a person as one part. */
export function wholeEffect(trials: readonly TrialEffects[], width: number, person: number): PersonParts {
  const columns = trials.map(({ draws }) => column(draws, width, person))
  const refits = trials.map((trial) => trial.refits && column(trial.refits, width, person))
  return {
    parts: [
      partOf(
        columns,
        refits,
        trials.map(({ modifiers }) => [1, ...rowOf(modifiers, width, person)].map(Number)),
      ),
    ],
    covariances: new Float64Array(trials.length),
    drawCounts: columns.map(({ length }) => length),
  }
}

/** The effect of the reference patient, and the difference of a person's effect from it. */
export function referenceAndDifference(trials: readonly TrialEffects[], width: number, person: number): PersonParts {
  const references = trials.map(({ reference }) => reference!)
  const own = trials.map(({ draws }) => column(draws, width, person))
  const differences = own.map((values, trial) => values.map((value, draw) => value - references[trial].draws[draw]))
  const refitDifferences = trials.map(({ refits }, trial) => {
    const base = references[trial].refits
    return refits && base && column(refits, width, person).map((value, refit) => value - base[refit])
  })
  const rows = trials.map(({ modifiers }) => rowOf(modifiers, width, person))
  return {
    parts: [
      partOf(
        references.map(({ draws }) => draws),
        references.map(({ refits }) => refits),
        references.map(({ modifiers }) => [1, ...modifiers]),
      ),
      partOf(
        differences,
        refitDifferences,
        rows.map((row, trial) => [0, ...row.map((value, k) => value - references[trial].modifiers[k])]),
      ),
    ],
    covariances: Float64Array.from(trials, (_, trial) => covariance(references[trial].draws, differences[trial])),
    drawCounts: own.map(({ length }) => length),
  }
}

function partOf(
  draws: readonly Float64Array[],
  refits: readonly (Float64Array | undefined)[],
  contrasts: readonly (readonly number[])[],
): EffectPart {
  const known = refits.flatMap((values) => (values ? [covariance(values, values)] : []))
  return {
    means: Float64Array.from(draws, mean),
    variances: Float64Array.from(draws, (values) => covariance(values, values)),
    ...(known.length === draws.length ? { refitVariances: Float64Array.from(known) } : {}),
    contrasts: contrasts.map((contrast) => Float64Array.from(contrast)),
    draws,
  }
}

/** @param values `[row, person]` */
function column(values: Float64Array, width: number, person: number): Float64Array {
  const own = new Float64Array(values.length / width)
  for (let row = 0; row < own.length; row++) own[row] = values[row * width + person]
  return own
}

function rowOf(modifiers: Float64Array, width: number, person: number): Float64Array {
  const size = modifiers.length / width
  return modifiers.subarray(person * size, (person + 1) * size)
}

function mean(values: Float64Array): number {
  let sum = 0
  for (let row = 0; row < values.length; row++) sum += values[row]
  return sum / values.length
}

/** Denominator N - 1. */
function covariance(left: Float64Array, right: Float64Array): number {
  const [a, b] = [mean(left), mean(right)]
  let sum = 0
  for (let row = 0; row < left.length; row++) sum += (left[row] - a) * (right[row] - b)
  return sum / (left.length - 1)
}
