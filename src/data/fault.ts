import { group } from 'd3-array'
import { DataError } from '../errors/data-error.js'

/** One thing that is wrong, or that the reader should know, about the data. Holds no patient's values beyond an offending token. */
export interface Fault {
  /** An error stops the analysis; a warning does not. */
  readonly severity: 'error' | 'warning'
  /** Stable identifier of the kind of fault, such as `singular-design`. */
  readonly code: string
  /** What is wrong, one clause without a final full stop. */
  readonly message: string
  /** What the reader can do now, in sentences. */
  readonly remedy: string
  readonly study?: string
  /** 1-based line of the file, header included; the first of them when `count` says that there are several. */
  readonly row?: number
  readonly column?: string
  /** Cells or patients concerned, where there are several. */
  readonly count?: number
}

/**
 * Faults of the same kind in the same column as one, with the rows of the first few: a column of text where numbers are expected is one
 * fault, not a thousand. Order of first appearance.
 */
export function condensed(faults: readonly Fault[]): Fault[] {
  const groups = group(faults, (fault) => (fault.row === undefined ? fault : `${fault.severity}|${fault.code}|${fault.column}`))
  return [...groups.values()].map((alike) => {
    const [first] = alike
    if (alike.length === 1) return first
    const rows = alike.slice(0, 5).map((fault) => fault.row)
    const more = alike.length > rows.length ? ', ...' : ''
    return {
      ...first,
      message: `${first.message}; ${alike.length} cells like this, rows ${rows.join(', ')}${more}`,
      count: alike.length,
    }
  })
}

/** The error that these faults amount to: the place and sentence of the first, the others after it; each kind's remedy once. */
export function faultError(faults: readonly Fault[], file: string): DataError {
  const [first, ...others] = condensed(faults)
  const said = new Set([first.code])
  const also = others.slice(0, 9).map((fault) => {
    const isNew = !said.has(fault.code)
    said.add(fault.code)
    return `${placeText(fault)}${fault.message}.${isNew ? ` ${fault.remedy}` : ''}`
  })
  if (others.length > 9) also.push(`And ${others.length - 9} more; \`poolite check\` lists them all.`)
  const { message: problem, remedy, row, column } = first
  return new DataError({
    problem,
    remedy: [remedy, ...also].join(' Also: '),
    file,
    ...(row === undefined ? {} : { row }),
    ...(column === undefined ? {} : { column }),
  })
}

function placeText({ row, column }: Fault): string {
  const place = [row === undefined ? [] : `row ${row}`, column === undefined ? [] : `column "${column}"`].flat().join(', ')
  return place ? `${place}: ` : ''
}
