/**
 * Moments of a trial's columns, rounded so that nobody can be read off: a mean m of n values is rounded to multiples of a step of at least 2 / n scales of
 * the protocol, so that the value of one patient more or less, n m - (n - 1) m', is known to no better than about a scale, whichever files are compared.
 */
import type { TrialDesign } from '../contract/trial.js'
import type { SiteArtefact } from './site-artefact.js'

type Summaries = Pick<Required<SiteArtefact>, 'arms' | 'overlap'>

const PATIENTS_TO_HIDE_AMONG = 2

/** The least of 1, 2, 5, 10, ... times a power of ten that is at least 2 / n. */
export function roundingStep(patientCount: number): number {
  const least = PATIENTS_TO_HIDE_AMONG / patientCount
  const power = 10 ** Math.floor(Math.log10(least))
  return Number(([1, 2, 5, 10].find((factor) => factor * power >= least * (1 - 1e-9))! * power).toPrecision(1))
}

/** @param isRounded false for tests that show what rounding is good for */
export function roundedMoments(trial: TrialDesign, isRounded = true): Summaries {
  const arms = [0, 1].map((arm) => rowsOf(trial, arm))
  const stepFor = (count: number) => (isRounded ? roundingStep(count) : Number.EPSILON)
  const to = (step: number) => (value: number) => (isRounded ? tidy(Math.round(value / step) * step, step) : value)
  const step = stepFor(Math.min(arms[0].length, arms[1].length))
  const round = to(step)
  const modifiers = trial.columns.flatMap((column, index) => (column.isModifier ? [index] : []))
  const [control, treated] = arms.map((rows) => {
    const { mean, covariance } = moments(
      rows,
      trial.columns.map((_, index) => index),
    )
    const size = mean.length
    return { mean: mean.map(round), sd: mean.map((_, index) => round(Math.sqrt(covariance[index * (size + 1)]))) }
  })
  const all = moments(arms.flat(), modifiers)
  const fine = stepFor(trial.outcome.length)
  return {
    arms: { step, columns: trial.columns.map(({ name }) => name), control, treated },
    overlap: { step: fine, mean: all.mean.map(to(fine)), covariance: all.covariance.map(to(fine)) },
  }
}

/** Without the tail of digits that multiples of a step have in binary, and without -0. */
const tidy = (value: number, step: number) => Number(value.toFixed(Math.max(0, -Math.floor(Math.log10(step))))) + 0

function rowsOf({ columns, covariates, treatment }: TrialDesign, arm: number): Float64Array[] {
  const width = columns.length
  return Array.from(treatment, (own, patient) =>
    own === arm ? [covariates.subarray(patient * width, (patient + 1) * width)] : [],
  ).flat()
}

function moments(rows: readonly Float64Array[], wanted: readonly number[]): { mean: number[]; covariance: number[] } {
  const mean = wanted.map((column) => rows.reduce((sum, row) => sum + row[column] / rows.length, 0))
  const covariance = wanted.flatMap((left, i) =>
    wanted.map((right, j) =>
      rows.reduce((sum, row) => sum + ((row[left] - mean[i]) * (row[right] - mean[j])) / Math.max(1, rows.length - 1), 0),
    ),
  )
  return { mean, covariance }
}
