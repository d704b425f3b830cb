import { median } from 'd3-array'
import type { DensityComparison } from './compare-densities.js'
import type { OursResult } from './ours-job.js'
import type { PeerResult } from './peer.js'

/** Everything measured about one case, one entry per repeat. */
export interface Measured {
  readonly name: string
  readonly title: string
  /** Absent when the peer was not run. */
  readonly comparison?: DensityComparison
  readonly gradients: readonly OursResult[]
  readonly samplings: readonly OursResult[]
  readonly peers: readonly PeerResult[]
}

/** Median over repeats of what `pick` finds; undefined when it never finds anything. */
export function typical<Result>(results: readonly Result[], pick: (result: Result) => number | undefined): number | undefined {
  return median(results.flatMap((result) => pick(result) ?? []))
}
