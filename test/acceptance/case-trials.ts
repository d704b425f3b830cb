/**
 * The trials of a case on the kit's scale: rows that are complete in outcome, treatment and the listed covariates, of the listed trials;
 * outcome and covariates standardised by their pooled mean and standard deviation (n - 1).
 */
import { basename, join } from 'node:path'
import { deviation, mean } from 'd3-array'
import type { DSVRowString } from 'd3-dsv'
import type { DesignColumn, TrialDesign } from '../../src/contract/trial.js'
import { candidateTables, readCsv, readJson } from './kit.js'

interface Preparation {
  readonly covariates: string | readonly string[]
  readonly studies: number | string | readonly (number | string)[]
  readonly n?: number | readonly number[]
}

const list = <Item>(value: Item | readonly Item[]): readonly Item[] => (Array.isArray(value) ? value : [value as Item])

/** From the first candidate table that has the columns and, when the case says how many, as many complete patients in each trial. */
export function caseTrials(kit: string, name: string): TrialDesign[] {
  const { prep } = readJson<{ prep: Preparation }>(join(kit, 'ref', name, 'ols_mixmeta.json'))
  const tried: string[] = []
  for (const path of candidateTables(kit, name)) {
    const rows = readCsv(path)
    const missing = ['study', 'treatment', 'outcome', ...list(prep.covariates)].filter((column) => !(column in (rows[0] ?? {})))
    const trials = missing.length > 0 ? undefined : trialsFrom(rows, prep)
    const counts = trials?.map(({ outcome }) => outcome.length).join()
    if (trials && (prep.n === undefined || counts === list(prep.n).join())) return trials
    tried.push(`${basename(path)} (${counts === undefined ? `no column ${missing.join(', ')}` : `${counts} complete patients`})`)
  }
  throw new Error(`no table has the trials of case "${name}": ${tried.join('; ') || 'none is there'}`)
}

function trialsFrom(table: readonly DSVRowString[], prep: Preparation): TrialDesign[] {
  const covariates = list(prep.covariates)
  const studies = list(prep.studies).map(String)
  const variables = ['treatment', 'outcome', ...covariates]
  const isNumber = (cell: string | undefined) => cell !== undefined && cell.trim() !== '' && Number.isFinite(Number(cell))
  const rows = table
    .filter((row) => studies.includes(row.study ?? '') && variables.every((variable) => isNumber(row[variable])))
    .map((row) => ({ study: row.study!, values: new Map(variables.map((variable) => [variable, Number(row[variable])])) }))
  const pooled = (variable: string) => rows.map(({ values }) => values.get(variable)!)
  const columns = covariates.map((covariate) => designColumn(covariate, pooled(covariate)))
  const [centre, scale] = [mean(pooled('outcome')) ?? 0, deviation(pooled('outcome')) ?? 1]
  return studies.map((study): TrialDesign => {
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
}

function designColumn(name: string, values: readonly number[]): DesignColumn {
  return { name, covariate: name, centre: mean(values) ?? 0, scale: deviation(values) ?? 1, isPrognostic: true, isModifier: true }
}

const standardise = (value: number, { centre, scale }: DesignColumn) => (value - centre) / scale
