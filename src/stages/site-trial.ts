/** A trial as its site reads it: errors name rows, columns and kinds of fault, never a value, since what is said here may leave the site as a log. */
import { assessTrials } from '../data/assess-trials.js'
import { checkTrials } from '../data/check-trials.js'
import { type DesignedTrials, designsOf } from '../data/design-trials.js'
import type { Protocol } from '../data/protocol.js'
import { readTrials } from '../data/read-trials.js'
import type { Table } from '../data/table.js'
import { DataError } from '../errors/data-error.js'
import { UsageError } from '../errors/usage-error.js'

export interface SiteData {
  readonly protocol: Protocol
  readonly table: Table
  /** Name of the trial, as the protocol and the data have it. */
  readonly study: string
}

/**
 * The trial as the protocol designs it.
 * @throws DataError which names rows, columns and kinds of fault, never a value
 */
export function siteTrial({ protocol, table, study }: SiteData) {
  requireIncluded(study, protocol.trials.include)
  const own = { ...protocol, trials: { ...protocol.trials, include: [study] } }
  const { designs, exclusions, people } = withoutValues(table, () => designedTrials(labelled(table, own.data.study, study), own))
  return { trial: designs[0], exclusions, people }
}

function designedTrials(table: Table, protocol: Protocol): DesignedTrials {
  const present = table.columns.indexOf(protocol.data.study)
  const { include = [] } = protocol.trials
  if (present >= 0 && !table.rows.some(({ cells }) => cells[present] === include[0]))
    throw new SiteDataError({
      file: table.file,
      problem: `no row of the data belongs to trial "${include[0]}"`,
      column: protocol.data.study,
      remedy: 'Check --study, which must be written as in the data.',
    })
  const reading = readTrials(table, protocol)
  const trials = assessTrials(reading, protocol)
  const faults = checkTrials(reading, protocol, trials).faults.filter(({ severity }) => severity === 'error')
  const [first] = faults
  if (first)
    throw new SiteDataError({
      file: table.file,
      ...(first.row === undefined ? {} : { row: first.row }),
      ...(first.column === undefined ? {} : { column: first.column }),
      problem: `${faultText(first)}${faults.length > 1 ? `, and ${faults.length - 1} more faults` : ''}`,
      remedy: remedy(table.file),
    })
  const designed = designsOf(trials)
  if (designed.designs.length === 0)
    throw new SiteDataError({
      file: table.file,
      problem: 'the trial is left out by the protocol, so that there is nothing to fit',
      remedy: remedy(table.file),
    })
  return designed
}

const remedy = (file: string) => `Run \`poolite check ${file}\` here: it says more, and what it says should not leave this site.`

/** What is said of some kinds of fault; messages of the others may quote a cell, or a count that is too small to be told. */
const faultTexts: Readonly<Record<string, string>> = {
  'one-arm': 'all complete patients are in one arm',
  'too-few-patients': 'there are no more complete patients than the model has coefficients',
}

const faultText = ({ code, message }: { code: string; message: string }): string =>
  code === 'singular-design' ? message : (faultTexts[code] ?? `fault of the kind "${code}"`)

/** Says of data only what may leave a site. */
class SiteDataError extends DataError {}

/** What goes wrong while data are read may quote them: that is taken out. */
export function withoutValues<Result>({ file }: Table, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (error instanceof SiteDataError) throw new DataError(error.details)
    throw new DataError({ file, problem: 'the data are not as the protocol says', remedy: remedy(file) })
  }
}

/** A site has one trial: its data need no column for the name. */
function labelled(table: Table, column: string, study: string): Table {
  if (table.columns.includes(column)) return table
  const rows = table.rows.map(({ row, cells }) => ({ row, cells: [...cells, study] }))
  return { ...table, columns: [...table.columns, column], rows }
}

function requireIncluded(study: string, include: readonly string[] | undefined): void {
  if (!include || include.includes(study)) return
  throw new UsageError({
    problem: `the protocol does not include a trial "${study}"`,
    remedy: `Name one of: ${include.join(', ')}.`,
  })
}
