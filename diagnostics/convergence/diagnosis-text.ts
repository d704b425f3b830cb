import type { Check, Diagnosis } from './diagnose.js'

/** Failures listed for one check before the rest is only counted. */
const listedFailures = 10

/** The diagnosis as plain text for a terminal: the verdict, then every failed check with what fails, then what was left out. No final newline. */
export function diagnosisText(diagnosis: Diagnosis): string {
  const failed = diagnosis.checks.filter((check) => check.status === 'failed')
  const remarks = diagnosis.checks.filter((check) => check.status === 'not-assessed' || check.leftOut.length > 0)
  const remarkLines = remarks.filter((check) => !failed.includes(check)).map((check) => `Note: ${check.message}`)
  return [verdict(diagnosis, failed), ...failed.flatMap(failureLines), ...remarkLines].join('\n')
}

function verdict({ checks, summary }: Diagnosis, failed: readonly Check[]): string {
  const assessedCount = checks.filter((check) => check.status !== 'not-assessed').length
  if (failed.length > 0)
    return `Do not rely on these draws yet: ${failed.length} of ${assessedCount} checks failed (${failed.map((check) => check.title).join(', ')}).`
  const extremes = checks
    .filter((check) => check.worst)
    .map((check) => `${check.title} ${display(check.worst!.value)} (${check.worst!.name})`)
  const worst = extremes.length > 0 ? ` Worst values: ${extremes.join(', ')}.` : ''
  return `All ${assessedCount} checks of ${summary.length} ${summary.length === 1 ? 'quantity' : 'quantities'} passed.${worst}`
}

function failureLines(check: Check): string[] {
  const shown = check.failures.slice(0, listedFailures)
  const width = Math.max(0, ...shown.map(({ name }) => name.length))
  const rows = shown.map(({ name, value }) => `    ${name.padEnd(width)}  ${display(value)}`)
  const more = check.failures.length - shown.length
  return ['', check.message, ...rows, ...(more > 0 ? [`    and ${more} more`] : [])]
}

function display(value: number): string {
  if (!Number.isFinite(value) || Number.isInteger(value)) return String(value)
  return value.toFixed(Math.abs(value) < 10 ? 3 : 0)
}
