/**
 * Summaries of a study: means over data sets with their Monte Carlo standard errors, SD / sqrt(R), and paired ratios of methods, exp(mean of log ratios) (Morris, White and Crowther 2019,
 * DOI 10.1002/sim.8086). A data set is the unit throughout.
 */
import { measureNames, type StudyMeasures, type StudyRecord, type StudyTiming } from './study-record.js'

/** NaN where there are too few data sets. */
export interface Estimate {
  readonly mean: number
  /** Monte Carlo standard error. */
  readonly mcse: number
  /** Data sets. */
  readonly count: number
}

export function estimateOf(values: readonly number[]): Estimate {
  const known = values.filter(Number.isFinite)
  const count = known.length
  const mean = known.reduce((sum, value) => sum + value, 0) / count
  const squares = known.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, mcse: count > 1 ? Math.sqrt(squares / (count - 1) / count) : Number.NaN, count }
}

/** One method in one scenario. */
export interface StudyCell {
  readonly scenario: string
  readonly method: string
  readonly dataSets: number
  readonly failures: number
  /** Data sets in which some fit failed a diagnostic. */
  readonly doubtful: number
  readonly measures: Readonly<Record<keyof StudyMeasures, Estimate>>
  /** Of one data set; absent without timings. */
  readonly seconds?: Estimate
}

export function summariseStudy(records: readonly StudyRecord[], timings: readonly StudyTiming[] = []): StudyCell[] {
  const times = groupBy(timings)
  return [...groupBy(records)].map(([key, own]) => {
    const found = own.flatMap(({ measures }) => (measures ? [measures] : []))
    const seconds = times.get(key)?.map((one) => one.firstStageSeconds + one.secondStageSeconds)
    return {
      scenario: own[0].scenario,
      method: own[0].method,
      dataSets: own.length,
      failures: own.length - found.length,
      doubtful: own.filter(({ doubtfulFits = 0 }) => doubtfulFits > 0).length,
      measures: Object.fromEntries(
        measureNames.map((name) => [name, estimateOf(found.map((measures) => measures[name]))]),
      ) as Record<keyof StudyMeasures, Estimate>,
      ...(seconds && { seconds: estimateOf(seconds) }),
    }
  })
}

function groupBy<Value extends { readonly scenario: string; readonly method: string }>(values: readonly Value[]) {
  const groups = new Map<string, Value[]>()
  for (const value of values) {
    const key = `${value.scenario} ${value.method}`
    groups.set(key, [...(groups.get(key) ?? []), value])
  }
  return groups
}

/** Logarithm of the ratio of a measure of two methods, paired by data set. */
export function logRatio(
  records: readonly StudyRecord[],
  [first, second]: readonly [string, string],
  measure: 'absoluteError' | 'absoluteErrorOfMean' = 'absoluteError',
): Estimate {
  const logs = new Map<string, Map<string, number>>()
  for (const { scenario, replicate, method, measures } of records) {
    if (!measures || (method !== first && method !== second)) continue
    const key = `${scenario} ${replicate}`
    logs.set(key, (logs.get(key) ?? new Map()).set(method, Math.log(measures[measure])))
  }
  return estimateOf(
    [...logs.values()].flatMap((own) => (own.has(first) && own.has(second) ? [own.get(first)! - own.get(second)!] : [])),
  )
}
