import type { CoverageRecord } from './replicate.js'

/** Coverage that an interval of 95% must reach, averaged over patients and data sets. */
export const BAND = { least: 0.9, most: 0.98 }

export interface CoverageSummary {
  readonly replicates: number
  readonly coverage: number
  /** Monte Carlo standard error; the data set is the unit, since the patients of one share its errors. */
  readonly standardError: number
  readonly width: number
  readonly medianAbsoluteError: number
  readonly passedDiagnosis: number
  readonly gradientCount: number
  readonly seconds: number
  /** `undecided`: the band's ends are within two standard errors. */
  readonly verdict: 'in the band' | 'outside the band' | 'undecided'
}

export function summariseCoverage(records: readonly CoverageRecord[]): CoverageSummary {
  const mean = (of: (record: CoverageRecord) => number) => records.reduce((sum, record) => sum + of(record), 0) / records.length
  const coverage = mean((record) => record.coverage)
  const squares = records.reduce((sum, record) => sum + (record.coverage - coverage) ** 2, 0)
  const standardError = Math.sqrt(squares / (records.length - 1) / records.length)
  return {
    replicates: records.length,
    coverage,
    standardError,
    width: mean(({ width }) => width),
    medianAbsoluteError: mean(({ medianAbsoluteError }) => medianAbsoluteError),
    passedDiagnosis: records.filter(({ diagnosis }) => diagnosis === 'passed').length,
    gradientCount: mean(({ gradientCount }) => gradientCount),
    seconds: mean(({ seconds }) => seconds),
    verdict: verdictOf(coverage, standardError),
  }
}

function verdictOf(coverage: number, standardError: number): CoverageSummary['verdict'] {
  const slack = 2 * standardError
  if (coverage + slack < BAND.least || coverage - slack > BAND.most) return 'outside the band'
  return coverage - slack >= BAND.least && coverage + slack <= BAND.most ? 'in the band' : 'undecided'
}

/** A line for all data sets and one for those of each truth. */
export function coverageText(model: string, records: readonly CoverageRecord[]): string {
  const names = [...new Set(records.map(({ truth }) => truth))]
  const line = (title: string, own: readonly CoverageRecord[]) => {
    const { replicates, coverage, standardError, width, medianAbsoluteError, passedDiagnosis, gradientCount, seconds } =
      summariseCoverage(own)
    const error = Number.isFinite(standardError) ? ` (${(100 * standardError).toFixed(1)})` : ''
    return `${title.padEnd(28)} ${String(replicates).padStart(4)} data sets: ${(100 * coverage).toFixed(1)}%${error}, width ${width.toFixed(2)}, median error ${medianAbsoluteError.toFixed(3)}, diagnosis passed ${passedDiagnosis}, ${Math.round(gradientCount)} gradients, ${seconds.toFixed(1)} s`
  }
  return [
    `${line(model, records)}; ${summariseCoverage(records).verdict}`,
    ...names.map((name) =>
      line(
        `  ${name}`,
        records.filter(({ truth }) => truth === name),
      ),
    ),
  ].join('\n')
}
