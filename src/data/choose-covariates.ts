import { rollup } from 'd3-array'
import { DataError } from '../errors/data-error.js'
import type { ColumnProfile } from './column-profile.js'
import type { DraftPatient } from './draft-data.js'
import { isBaselineName, type LeftOut, whyNot } from './eligible-covariates.js'

export interface CovariateChoice {
  readonly chosen: readonly ColumnProfile[]
  readonly leftOut: readonly LeftOut[]
}

/** Most covariates that are taken without being named. */
const mostCovariates = 6
/** Patients per coefficient in the smallest trial, and the smallest trial that the draft makes room for. */
const patientsPerCoefficient = 4
const smallestTrial = 24
const noRoom = 'the smallest trial has too few patients for one more covariate'

/**
 * Covariates of a draft among columns that nobody named: those that look as if measured before randomisation (all eligible ones if none
 * does), the most complete first, as many as the smallest trial can carry.
 */
export function chooseCovariates(
  profiles: readonly ColumnProfile[],
  patients: readonly DraftPatient[],
  leastPatients: number,
): CovariateChoice {
  const leftOut: LeftOut[] = []
  const eligible = profiles.filter((profile) => {
    const reason = whyNot(profile, patients)
    if (reason) leftOut.push({ column: profile.column, reason })
    return !reason
  })
  const baseline = eligible.filter(({ column }) => isBaselineName(column))
  const candidates = baseline.length ? baseline : eligible
  for (const { column } of eligible)
    if (baseline.length && !isBaselineName(column))
      leftOut.push({ column, reason: 'its name does not say that it was measured before randomisation' })
  const chosen: ColumnProfile[] = []
  for (const profile of [...candidates].sort((first, second) => first.missingCount - second.missingCount)) {
    if (chosen.length === 0 || fits([...chosen, profile], patients, leastPatients)) chosen.push(profile)
    else
      leftOut.push({
        column: profile.column,
        reason: chosen.length < mostCovariates ? noRoom : `is one more than the ${mostCovariates} that a draft takes`,
      })
  }
  return { chosen: profiles.filter((profile) => chosen.includes(profile)), leftOut }
}

function fits(chosen: readonly ColumnProfile[], patients: readonly DraftPatient[], leastPatients: number): boolean {
  const counts = rollup(
    patients.filter((patient) => chosen.every(({ cells }) => cells[patient.index] !== undefined)),
    (trial) => trial.length,
    (patient) => patient.study,
  )
  const kept = [...counts.values()].filter((count) => count >= leastPatients)
  const room = Math.max(smallestTrial, Math.min(...kept))
  return chosen.length <= mostCovariates && kept.length > 0 && patientsPerCoefficient * coefficientCount(chosen) <= room
}

/** Coefficients of the full design with these covariates as prognostic factors and modifiers. */
export function coefficientCount(chosen: readonly ColumnProfile[]): number {
  const columns = chosen.reduce((sum, { kind, levels }) => sum + (kind === 'categorical' ? levels.length - 1 : 1), 0)
  return 2 + 2 * columns
}

/**
 * Covariates that the caller named, as they are.
 * @throws DataError when one has a single value, too many levels, or text among its numbers.
 */
export function namedCovariates(profiles: readonly ColumnProfile[], file: string): CovariateChoice {
  const chosen = profiles.map((profile) =>
    profile.kind === 'identifier' && profile.textRow === undefined ? { ...profile, kind: 'continuous' as const } : profile,
  )
  for (const { column, kind, textRow } of chosen) {
    const remedy = 'Correct the column, or leave it out of the covariates.'
    if (kind === 'empty') throw new DataError({ problem: 'a covariate with a single value', remedy, file, column })
    if (kind === 'text' || kind === 'identifier')
      throw new DataError({ problem: 'a covariate with more text levels than can be estimated', remedy, file, column })
    if (kind === 'continuous' && textRow !== undefined)
      throw new DataError({ problem: 'text in a column of numbers', remedy, file, column, row: textRow })
  }
  return { chosen, leftOut: [] }
}
