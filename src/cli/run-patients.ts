import { join } from 'node:path'
import { csvParse } from 'd3-dsv'
import type { Person } from '../contract/analysis.js'
import type { Protocol } from '../data/protocol.js'
import { DataError } from '../errors/data-error.js'
import { readText } from './read-file.js'

/**
 * The patients that a run analysed, with their trials, from `effects.csv`.
 * @throws UsageError when the file is not there; DataError when it has no such patients.
 */
export function readRunPatients(runPath: string, { covariates }: Protocol): Person[] {
  const file = join(runPath, 'effects.csv')
  const rows = csvParse(readText(file)).filter(({ kind, target }) => kind === 'patient' && target === 'average')
  const unusable = (problem: string) => new DataError({ file, problem, remedy: 'Restore the file, or run the analysis again.' })
  if (rows.length === 0)
    throw new DataError({
      file,
      problem: 'there are no effects of patients in it',
      reason: 'explanations compare patients, who stay at their sites when sites were pooled',
      remedy: 'Explain a run that was made from the data of the trials.',
    })
  return rows.map((row): Person => {
    const values = covariates.map(({ name, type }): [string, number | string] => {
      const text = row[`covariate_${name}`] ?? row[name]
      if (text === undefined || text === '') throw unusable(`it has no value of ${name} of patient ${row.id}`)
      return [name, type === 'categorical' || Number.isNaN(Number(text)) ? text : Number(text)]
    })
    return { kind: 'patient', id: row.id, study: row.study, covariates: Object.fromEntries(values) }
  })
}
