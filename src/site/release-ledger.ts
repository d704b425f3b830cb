/**
 * What a site remembers of the files it has let go: keyed hashes of the patients in each, so that it can refuse a file about almost the same ones. Two files that
 * differ in one patient tell about that patient whatever else is rounded.
 */
import { DataError } from '../errors/data-error.js'

export interface Release {
  readonly study: string
  readonly protocolHash: string
  /** One for each patient, in no order that matters. */
  readonly patients: readonly string[]
}

/** Patients that only one of two releases has. */
export function differenceCount(first: readonly string[], second: readonly string[]): number {
  const [left, right] = [new Set(first), new Set(second)]
  return [...left].filter((one) => !right.has(one)).length + [...right].filter((one) => !left.has(one)).length
}

/** @throws DataError when an earlier release differs from this in a few patients only. */
export function requireUnlikeEarlier(earlier: readonly Release[], patients: readonly string[], leastCount: number): void {
  const close = earlier.find((release) => {
    const count = differenceCount(release.patients, patients)
    return count > 0 && count < leastCount
  })
  if (!close) return
  throw new DataError({
    problem: `nothing more of trial "${close.study}" may leave this site: repeated release (fewer than ${leastCount} patients differ from a file made before)`,
    reason: 'the difference of the two files would tell about these patients',
    remedy: `The same patients as before would pass, or at least ${leastCount} that are new, left out or corrected: wait until there are more, then send one file.`,
  })
}
