import type { Progress } from './progress.js'

/** Where a stage stands whose chains may run several at a time. */
export interface StageProgress {
  readonly stage: Progress['stage']
  /** Chains that have begun and not ended. */
  readonly running: readonly Progress[]
  /** Of the work of the stage, from 0 to 1; warmup and sampling count as half a chain each. */
  readonly fraction: number
  /** After warmup, of all chains. */
  readonly divergences: number
}

/** Gathers the reports of one stage after another: given a report, says where its stage stands. */
export function stageTracker(): (progress: Progress) => StageProgress {
  let stage: Progress['stage'] | undefined
  let latest = new Map<string, Progress>()
  return (progress) => {
    if (progress.stage !== stage) latest = new Map()
    stage = progress.stage
    latest.set(`${progress.trialIndex ?? 0}/${progress.chain}`, progress)
    return summarise(progress, [...latest.values()])
  }
}

function summarise({ stage, trialCount = 1, chainCount: chainsPerTrial }: Progress, chains: readonly Progress[]): StageProgress {
  const running = chains.filter((chain) => !isDone(chain))
  const sampling = chains.filter(({ phase }) => phase === 'sampling')
  return {
    stage,
    running,
    fraction: sum(chains.map(fractionOf)) / (trialCount * chainsPerTrial),
    divergences: sum(sampling.map(({ divergences }) => divergences)),
  }
}

function isDone({ phase, iteration, total }: Progress): boolean {
  return phase === 'sampling' && iteration === total
}

function fractionOf({ phase, iteration, total }: Progress): number {
  return (phase === 'warmup' ? 0 : 0.5) + (0.5 * iteration) / total
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
