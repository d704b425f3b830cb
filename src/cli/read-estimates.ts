import { join } from 'node:path'
import { csvParseRows } from 'd3-dsv'
import type { TrialEstimate } from '../contract/trial.js'
import { DataError } from '../errors/data-error.js'
import type { Manifest } from './manifest.js'
import { readText } from './read-file.js'

/**
 * What each trial of a run handed to the second stage, from `coefficients.csv`.
 * @throws UsageError when the file is not there; DataError when it is not that of the run.
 */
export function readEstimates(runPath: string, { trials, coefficients }: Manifest): TrialEstimate[] {
  const file = join(runPath, 'coefficients.csv')
  const [, ...rows] = csvParseRows(readText(file))
  const size = coefficients.length
  return trials.map(({ study }, trial): TrialEstimate => {
    const own = rows.slice(trial * size, (trial + 1) * size)
    const numbers = own.map((row) => row.slice(3).map(Number))
    const isLacking = (at: number) => own[at][3] === 'NaN'
    const isWhole =
      own.length === size &&
      own.every((row, at) => row[0] === study && row[2] === coefficients[at]) &&
      numbers.every((row) => row.length === size + 1) &&
      numbers.every(([estimate, ...covariances], at) =>
        covariances.every(
          (value, column) =>
            Number.isFinite(value) !== (isLacking(at) || isLacking(column)) && Number.isFinite(estimate) !== isLacking(at),
        ),
      )
    if (!isWhole)
      throw new DataError({
        file,
        problem: `the coefficients of trial "${study}" are not those of this run`,
        remedy: 'Restore the file, or run the analysis again.',
      })
    return {
      study,
      patientCount: Number(own[0][1]),
      coefficientNames: coefficients,
      estimate: Float64Array.from(numbers, ([estimate]) => estimate),
      covariance: Float64Array.from(numbers.flatMap(([, ...covariances]) => covariances)),
    }
  })
}
