import { UsageError } from '../errors/usage-error.js'

/** What all data sets of a study have in common. Part of the identity of its results. */
export interface StudySettings {
  readonly seed: number
  /** People of each test trial whose effects are predicted, and patients of each trial on whom other trials are validated. */
  readonly people: number
  /** Refits to bootstrap samples, where weights or a comparator need them. */
  readonly bootstrap: number
  /** Chains, warmup transitions and draws of each, where a posterior is sampled. */
  readonly chains: number
  readonly warmup: number
  readonly draws: number
  /** Data sets of each scenario in which every trial is left out in turn, for choosing a method by validation; all when left out. */
  readonly validated?: number
}

export const usualSettings: StudySettings = { seed: 1, people: 1000, bootstrap: 100, chains: 2, warmup: 300, draws: 500 }

/** One data set and the methods that analyse it. Plain data. */
export interface StudyTask {
  readonly design: string
  readonly scenario: string
  /** From 0. */
  readonly replicate: number
  readonly methods: readonly string[]
  readonly settings: StudySettings
}

/** The share of a study that one process of several carries out: data sets whose number leaves `index` - 1 when divided by `count`. */
export interface StudyShare {
  /** From 1. */
  readonly index: number
  readonly count: number
}

/** @throws UsageError unless it reads `k/n` with 1 <= k <= n. */
export function parseShare(text: string): StudyShare {
  const parts = /^(\d+)\/(\d+)$/.exec(text)
  const [index, count] = parts ? [Number(parts[1]), Number(parts[2])] : [0, 0]
  if (index >= 1 && index <= count) return { index, count }
  throw new UsageError({
    problem: `"${text}" is no share of a study`,
    reason: 'a share is k/n with k from 1 to n: the k-th of n processes that divide the data sets among them',
    remedy: 'Give something like --task 1/4.',
  })
}

/** Data sets of a share, scenarios alternating, so that shares and interrupted studies are balanced over scenarios. */
export function dataSetsOf(scenarioIds: readonly string[], replicates: number, { index, count }: StudyShare) {
  return Array.from({ length: replicates * scenarioIds.length }, (_, at) => at)
    .filter((at) => at % count === index - 1)
    .map((at) => ({ scenario: scenarioIds[at % scenarioIds.length], replicate: Math.floor(at / scenarioIds.length) }))
}
