import type { PhaseSeconds } from './chain-snapshot.js'

/** Measures what each chain takes in each phase, over all sittings, by its own reports. */
export interface ChainClocks {
  /** The chain begins, or goes on somewhere else. */
  begin(chain: number): void
  /** Counts the time since the chain's last mark for this phase. */
  mark(chain: number, phase: keyof PhaseSeconds): void
  seconds(chain: number): PhaseSeconds
}

/** @param saved of earlier sittings */
export function chainClocks(saved: (chain: number) => PhaseSeconds | undefined): ChainClocks {
  const chains = new Map<number, { warmup: number; sampling: number; since: number }>()
  const of = (chain: number) => {
    const known = chains.get(chain)
    if (known) return known
    const { warmup = 0, sampling = 0 } = saved(chain) ?? {}
    const fresh = { warmup, sampling, since: performance.now() }
    chains.set(chain, fresh)
    return fresh
  }
  return {
    begin(chain) {
      of(chain).since = performance.now()
    },
    mark(chain, phase) {
      const one = of(chain)
      const now = performance.now()
      one[phase] += (now - one.since) / 1000
      one.since = now
    },
    seconds(chain) {
      const { warmup, sampling } = of(chain)
      return { warmup, sampling }
    },
  }
}
