/** The summary of a study as rows of text. */
import type { Finding } from './findings.js'
import type { Estimate, StudyCell } from './summarise-study.js'

export interface TextRows {
  readonly title: string
  readonly header: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

const withError = ({ mean, mcse }: Estimate, digits = 3) =>
  Number.isFinite(mean) ? `${mean.toFixed(digits)} (${Number.isFinite(mcse) ? mcse.toFixed(digits) : '-'})` : '-'

const errorColumns = [
  ['median abs. error', 'absoluteError'],
  ['of the mean', 'absoluteErrorOfMean'],
  ['bias', 'bias'],
  ['RMSE', 'rootMeanSquare'],
  ['slope', 'calibrationSlope'],
  ['right sign', 'correctSign'],
  ['regret', 'regret'],
] as const
const intervalColumns = [
  ['covers mean', 'coverageOfMean'],
  ['width', 'widthOfMean'],
  ['covers new setting', 'coverage'],
  ['width', 'width'],
] as const

/** Means with Monte Carlo standard errors in brackets. */
export function studyTables(cells: readonly StudyCell[]): TextRows[] {
  const table = (title: string, columns: typeof errorColumns | typeof intervalColumns): TextRows => ({
    title,
    header: ['scenario', 'method', 'data sets', ...columns.map(([name]) => name)],
    rows: cells.map((cell) => [
      cell.scenario,
      cell.method,
      String(cell.dataSets),
      ...columns.map(([, measure]) => withError(cell.measures[measure])),
    ]),
  })
  return [
    table('Errors of the effect, for people of new trials', errorColumns),
    table('95% intervals', intervalColumns),
    {
      title: 'What it took',
      header: ['scenario', 'method', 'data sets', 'failures', 'doubtful', 'seconds'],
      rows: cells.map((cell) => [
        cell.scenario,
        cell.method,
        String(cell.dataSets),
        String(cell.failures),
        String(cell.doubtful),
        cell.seconds ? withError(cell.seconds, 2) : '-',
      ]),
    },
  ]
}

/** @param isFull with the evidence of every claim, otherwise with the first three of each */
export function findingsText(findings: readonly Finding[], isFull: boolean): string {
  return findings
    .map(({ id, statement, verdict, evidence }) => {
      const shown = isFull ? evidence : evidence.slice(0, 3)
      const left = evidence.length - shown.length
      return [
        `${id} ${verdict.toUpperCase()}: ${statement}`,
        ...shown.map((line) => `   ${line}`),
        ...(left > 0 ? [`   and ${left} more, in findings.json`] : []),
      ].join('\n')
    })
    .join('\n')
}
