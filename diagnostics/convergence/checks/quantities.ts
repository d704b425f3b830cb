import { ascending } from 'd3-array'
import type { Check, Evidence, Finding } from '../check.js'
import type { SummaryRow } from '../summarise.js'
import { listed } from './listed.js'

/** A cut-off on one column of the summary. */
export interface ColumnCheck {
  readonly name: string
  readonly title: string
  readonly value: (row: SummaryRow) => number
  readonly cutOff: number
  /** The side of the cut-off on which values pass. */
  readonly passes: 'above' | 'below'
  readonly format: (value: number) => string
  /** What failing means and what to do. */
  readonly advice: string
  /** Said whatever the outcome. */
  readonly caveat?: string
}

/** Halves of a chain need three draws for an autocorrelation. */
const fewestDraws = 6

/** Judges every varying quantity by one column of its summary; quantities for which it is not defined are left out and named. */
export function checkQuantities({ rows, drawCount }: Evidence, column: ColumnCheck): Check {
  const findings = rows.map((row): Finding => ({ name: row.name, value: column.value(row) }))
  const sign = column.passes === 'below' ? -1 : 1
  const assessed = findings.filter(({ value }) => !Number.isNaN(value)).sort((a, b) => ascending(sign * a.value, sign * b.value))
  const failures = assessed.filter(({ value }) => sign * value <= sign * column.cutOff)
  const leftOut = findings.filter(({ value }) => Number.isNaN(value)).map(({ name }) => name)
  const worst = assessed[0]
  const common = {
    name: column.name,
    title: column.title,
    cutOff: column.cutOff,
    failureCount: failures.length,
    failures,
    leftOut,
  }
  if (!worst) return { ...common, ...nothingAssessed(rows.length, drawCount, column.title) }
  const message = [failures.length > 0 ? failing(failures, assessed.length, column) : passing(worst, assessed.length, column)]
  if (leftOut.length > 0) message.push(`Not defined for ${listed(leftOut)}.`)
  if (column.caveat) message.push(column.caveat)
  return { ...common, status: failures.length > 0 ? 'failed' : 'passed', worst, message: message.join(' ') }
}

function nothingAssessed(rowCount: number, drawCount: number, title: string): Pick<Check, 'status' | 'message'> {
  if (rowCount > 0 && drawCount < fewestDraws)
    return { status: 'failed', message: `${drawCount} draws a chain are too few for ${title}. Take more draws.` }
  const why =
    rowCount > 0 ? 'it is not defined for any of the varying quantities' : 'there is no varying quantity with finite draws'
  return { status: 'not-assessed', message: `${title} was not assessed: ${why}.` }
}

function failing(
  failures: readonly Finding[],
  assessedCount: number,
  { title, cutOff, passes, format, advice }: ColumnCheck,
): string {
  const bound = `not ${passes} ${cutOff}`
  const worst = `${failures[0].name} at ${format(failures[0].value)}`
  return `${title} of ${failures.length} of ${plural(assessedCount)} is ${bound}, worst ${worst}. ${advice}`
}

function passing(worst: Finding, assessedCount: number, { title, cutOff, passes, format }: ColumnCheck): string {
  const all = assessedCount === 1 ? 'the only quantity' : `all ${plural(assessedCount)}`
  return `${title} of ${all} is ${passes} ${cutOff}, worst ${worst.name} at ${format(worst.value)}.`
}

function plural(count: number): string {
  return count === 1 ? '1 quantity' : `${count} quantities`
}
