import { DataError } from '../errors/data-error.js'

/** One CmdStan CSV file, taken apart. */
export interface CmdStanFile {
  readonly name: string
  /** Settings of the run, from comments such as `# num_samples = 1000 (Default)`; spaces around `=` and `(Default)` are gone. */
  readonly settings: ReadonlyMap<string, string>
  readonly columns: readonly string[]
  readonly rows: readonly CmdStanRow[]
  /** All lines that begin with `#`. */
  readonly comments: readonly string[]
  /** The line, from 1, at which the file breaks off in the middle of a draw. */
  readonly brokenAt?: number
}

export interface CmdStanRow {
  readonly cells: readonly string[]
  /** Line of the file, from 1. */
  readonly line: number
}

/**
 * Takes a CmdStan CSV file apart, whatever the version of CmdStan or rstan that wrote it. The last draw is left out when the file ends in
 * the middle of it, which without a final line feed cannot be told from a draw that is complete.
 * @throws DataError when there are no columns, a column occurs twice, or a row other than the last has another number of cells.
 */
export function cmdStanFile(text: string, name: string): CmdStanFile {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const isComplete = lines.at(-1) === ''
  const comments = lines.filter((line) => line.startsWith('#'))
  const content = lines.flatMap((line, index) =>
    line === '' || line.startsWith('#') ? [] : [{ cells: line.split(','), line: index + 1 }],
  )
  const [header, ...rows] = content
  const columns = (header?.cells ?? []).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'))
  requireColumns(columns, name, header?.line)
  const last = rows.at(-1)
  const isBroken = last !== undefined && (last.cells.length < columns.length || (!isComplete && last.line === lines.length))
  const whole = isBroken ? rows.slice(0, -1) : rows
  for (const { cells, line } of whole) if (cells.length !== columns.length) throw uneven(name, line, cells.length, columns.length)
  return { name, settings: settingsOf(comments), columns, rows: whole, comments, ...(isBroken && { brokenAt: last.line }) }
}

function settingsOf(comments: readonly string[]): Map<string, string> {
  const settings = new Map<string, string>()
  for (const comment of comments) {
    const [, name, value] = /^#\s*(\w[\w ]*?)\s*=\s*(.*?)\s*(?:\(Default\))?\s*$/.exec(comment) ?? []
    if (name !== undefined && !settings.has(name)) settings.set(name, value)
  }
  return settings
}

function requireColumns(columns: readonly string[], file: string, row: number | undefined): void {
  const looksLikeNames =
    columns.length > 0 && columns.every((name) => /^[A-Za-z_]/.test(name)) && !columns.every((name) => /^(nan|inf)/i.test(name))
  if (!looksLikeNames)
    throw new DataError({
      file,
      ...(row === undefined ? {} : { row }),
      problem: 'there is no line with the names of columns',
      reason: 'CmdStan writes it between the settings and the draws',
      remedy: 'Give a CSV file as CmdStan wrote it; if the sampler has only just started, wait for it.',
    })
  const repeated = columns.find((name, index) => columns.indexOf(name) !== index)
  if (repeated !== undefined)
    throw new DataError({
      file,
      row: row ?? 1,
      column: repeated,
      problem: 'the column occurs twice',
      remedy: 'Give every column a name of its own.',
    })
}

function uneven(file: string, row: number, found: number, expected: number): DataError {
  return new DataError({
    file,
    row,
    problem: `the row has ${found} cells and the header has ${expected}`,
    reason: 'two programs wrote to the file at once, or a part of it was lost',
    remedy: 'Copy the file again from where it was written, or run that chain again.',
  })
}
