/** Something to know, as data checks and analyses say it. */
interface Remark {
  readonly severity: string
  readonly message: string
}

/** One line each, `warning: ...` or `note: ...`. No final newline. */
export function warningsText(remarks: readonly Remark[]): string {
  return remarks.map(({ severity, message }) => `${severity === 'important' ? 'warning' : severity}: ${message}`).join('\n')
}
