/** The summary of a study as rows of text. */
import type { Finding } from './findings.js'
import type { StudyRecord } from './study-record.js'
import { type Estimate, logRatio, type StudyCell } from './summarise-study.js'

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
  ['optimum', 'optimum'],
] as const
const intervalColumns = [
  ['covers mean', 'coverageOfMean'],
  ['width', 'widthOfMean'],
  ['covers new setting', 'coverage'],
  ['width', 'width'],
] as const

/**
 * Ratios of the median absolute error to that of one method, exp(mean of log ratios), paired by data set.
 * @param reference the first of these that was run
 */
export function ratioTable(
  records: readonly StudyRecord[],
  cells: readonly StudyCell[],
  references: readonly string[],
): TextRows | undefined {
  const reference = references.find((name) => cells.some(({ method }) => method === name)) ?? cells[0]?.method
  if (reference === undefined) return undefined
  const rows = cells
    .filter(({ method }) => method !== reference)
    .map(({ scenario, method }) => {
      const own = records.filter((one) => one.scenario === scenario)
      const ratios = (['absoluteError', 'absoluteErrorOfMean'] as const).map((measure) =>
        logRatio(own, [method, reference], measure),
      )
      const texts = ratios.map(({ mean, mcse }) => withError({ mean: Math.exp(mean), mcse, count: 0 }))
      return [scenario, method, String(ratios[0].count), ...texts]
    })
  return {
    title: `Ratios to ${reference}, paired by data set (Monte Carlo standard error of the logarithm)`,
    header: ['scenario', 'method', 'data sets', 'median abs. error', 'of the mean'],
    rows,
  }
}

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
