/**
 * The trials of a case on the kit's scale: rows that are complete in outcome, treatment and the listed covariates, of the listed trials;
 * outcome and covariates standardised by their pooled mean and standard deviation (n - 1).
 */
import { join } from 'node:path'
import { deviation, mean } from 'd3-array'
import type { DesignColumn, TrialDesign } from '../../src/contract/trial.js'
import { caseRows, readJson } from './kit.js'

interface Preparation {
  readonly covariates: string | readonly string[]
  readonly studies: number | string | readonly (number | string)[]
  readonly n?: number | readonly number[]
}

const list = <Item>(value: Item | readonly Item[]): readonly Item[] => (Array.isArray(value) ? value : [value as Item])

export function caseTrials(kit: string, name: string): TrialDesign[] {
  const { prep } = readJson<{ prep: Preparation }>(join(kit, 'ref', name, 'ols_mixmeta.json'))
  const covariates = list(prep.covariates)
  const studies = list(prep.studies).map(String)
  const variables = ['treatment', 'outcome', ...covariates]
  const isNumber = (cell: string | undefined) => cell !== undefined && cell.trim() !== '' && Number.isFinite(Number(cell))
  const rows = caseRows(kit, name)
    .filter((row) => studies.includes(row.study ?? '') && variables.every((variable) => isNumber(row[variable])))
    .map((row) => ({ study: row.study!, values: new Map(variables.map((variable) => [variable, Number(row[variable])])) }))
  const pooled = (variable: string) => rows.map(({ values }) => values.get(variable)!)
  const columns = covariates.map((covariate) => designColumn(covariate, pooled(covariate)))
  const [centre, scale] = [mean(pooled('outcome'))!, deviation(pooled('outcome'))!]
  const trials = studies.map((study): TrialDesign => {
    const own = rows.filter((row) => row.study === study).map(({ values }) => values)
    return {
      study,
      columns,
      outcome: Float64Array.from(own, (values) => (values.get('outcome')! - centre) / scale),
      treatment: Float64Array.from(own, (values) => values.get('treatment')!),
      covariates: Float64Array.from(
        own.flatMap((values) => columns.map((column) => standardise(values.get(column.name)!, column))),
      ),
      patientIds: own.map((_, patient) => `${study}-${patient + 1}`),
    }
  })
  checkCounts(name, trials, prep.n)
  return trials
}

function designColumn(name: string, values: readonly number[]): DesignColumn {
  return { name, covariate: name, centre: mean(values)!, scale: deviation(values)!, isPrognostic: true, isModifier: true }
}

const standardise = (value: number, { centre, scale }: DesignColumn) => (value - centre) / scale

function checkCounts(name: string, trials: readonly TrialDesign[], expected: Preparation['n']): void {
  if (expected === undefined) return
  const counts = trials.map(({ outcome }) => outcome.length)
  if (counts.join() !== list(expected).join())
    throw new Error(
      `case "${name}": ${counts.join(', ')} complete patients per trial, but its prep says ${list(expected).join(', ')}`,
    )
}
