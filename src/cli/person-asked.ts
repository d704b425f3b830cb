import type { Person } from '../contract/analysis.js'
import { covariateRole } from '../data/locate-columns.js'
import { didYouMean } from '../data/nearest-name.js'
import { profilePeople, referencePerson } from '../data/people.js'
import type { Protocol } from '../data/protocol.js'
import { readNewPatients } from '../data/read-new-patients.js'
import { listing } from '../data/wording.js'
import { UsageError } from '../errors/usage-error.js'
import { loadTable } from './load-inputs.js'

export interface PersonOptions {
  /** CSV file of patients, as for `poolite predict`. */
  readonly patient?: string
  /** One of several patients in that file. */
  readonly id?: string
  /** A profile of the protocol, or its reference patient. */
  readonly profile?: string
  /** `age=60,sex=f` */
  readonly covariates?: string
}

/**
 * The one person that is meant.
 * @throws UsageError when nobody or more than one is meant, or there is no such profile or covariate; DataError when a value is missing or unreadable.
 */
export function personAsked(options: PersonOptions, protocol: Protocol): Person {
  const { patient, profile, covariates, id } = options
  const given = [patient, profile, covariates].filter((value) => value !== undefined).length
  if (given !== 1)
    throw new UsageError({
      problem: given === 0 ? 'no person was named' : 'more than one person was named',
      reason: 'a person is described in one of three ways',
      remedy: `Give --profile (${profileNames(protocol)}), or --patient with a CSV file, or --covariates, such as --covariates ${example(protocol)}.`,
    })
  if (id !== undefined && patient === undefined)
    throw new UsageError({ problem: '--id goes with --patient', remedy: 'Leave it out, or name the file with --patient.' })
  if (profile !== undefined) return namedProfile(profile, protocol)
  return covariates === undefined ? patientOfFile(patient!, id, protocol) : personFromText(covariates, protocol)
}

const profileNames = (protocol: Protocol) =>
  [referencePerson(protocol), ...profilePeople(protocol)].map((person) => `"${person.id}"`).join(', ')

function namedProfile(name: string, protocol: Protocol): Person {
  const people = [referencePerson(protocol), ...profilePeople(protocol)]
  const found = people.find((person) => person.id === name)
  if (found) return found
  const names = people.map((person) => person.id)
  throw new UsageError({
    problem: `the protocol has no profile "${name}"`,
    remedy: `Ask for one of: ${names.join('; ')}.${didYouMean(name, names)}`,
  })
}

function patientOfFile(path: string, id: string | undefined, protocol: Protocol): Person {
  const people = readNewPatients(loadTable(path).table, protocol)
  const ids = people.map((person) => person.id)
  const some = ids.length > 6 ? `${ids.slice(0, 6).join(', ')} and ${ids.length - 6} more` : ids.join(', ')
  if (people.length === 0)
    throw new UsageError({ file: path, problem: 'there is no patient in this file', remedy: 'Give a file with one row.' })
  if (id === undefined) {
    if (people.length === 1) return people[0]
    throw new UsageError({
      file: path,
      problem: `there are ${people.length} patients in this file, and a page is for one`,
      remedy: `Name one of them with --id: ${some}.`,
    })
  }
  const found = people.filter((person) => person.id === id)
  if (found.length === 1) return found[0]
  throw new UsageError({
    file: path,
    problem: found.length === 0 ? `there is no patient "${id}"` : `${found.length} patients are called "${id}"`,
    remedy: `Ask for one of: ${some}.${found.length === 0 ? didYouMean(id, ids) : ''}`,
  })
}

/** `age=60,sex=f`: every covariate of the protocol, by name or by column. */
function personFromText(text: string, protocol: Protocol): Person {
  const pairs = text.split(',').map((part) => part.trim())
  const values = new Map<string, string>()
  const names = protocol.covariates.map(({ name }) => name)
  for (const pair of pairs) {
    const [name, ...rest] = pair.split('=').map((part) => part.trim())
    const value = rest.join('=')
    const covariate = protocol.covariates.find((candidate) => candidate.name === name || covariateRole(candidate)[1] === name)
    if (rest.length === 0 || value === '')
      throw new UsageError({ problem: `"${pair}" gives no value`, remedy: `Write --covariates ${example(protocol)}.` })
    if (!covariate)
      throw new UsageError({
        problem: `the protocol has no covariate "${name}"`,
        remedy: `It has ${names.join(', ')}.${didYouMean(name, names)}`,
      })
    if (values.has(covariate.name))
      throw new UsageError({ problem: `${covariate.name} is given twice`, remedy: 'Give every covariate once.' })
    values.set(covariate.name, value)
  }
  const missing = names.filter((name) => !values.has(name))
  if (missing.length > 0)
    throw new UsageError({
      problem: `no value of ${listing(missing)}`,
      reason: 'a prediction needs every covariate of the protocol',
      remedy: 'Add what is missing. If it is not known, make pages for several plausible values and compare them.',
    })
  const columns = protocol.covariates.map((covariate) => covariateRole(covariate)[1])
  const table = { file: '--covariates', columns, rows: [{ row: 1, cells: names.map((name) => values.get(name)!) }] }
  return { ...readNewPatients(table, protocol)[0], id: 'this person' }
}

function example({ covariates }: Protocol): string {
  return covariates
    .map((covariate) => {
      if (covariate.type === 'continuous') return `${covariate.name}=${covariate.centre}`
      const labels = covariate.type === 'binary' ? (covariate.labels ?? ['0']) : covariate.levels
      return `${covariate.name}=${labels[0]}`
    })
    .join(',')
}
