import type { TwoStageEvent, TwoStageProgress } from '../stages/stage-input.js'

/** How one chain stands. */
export interface ChainStanding extends TwoStageProgress {
  /** Transitions a second of late; undefined before they can be told. */
  readonly speed: number | undefined
}

/** How the approximation of one trial's posterior stands. */
export type ApproximationStanding = Extract<TwoStageEvent, { event: 'approximation' }>

/** How a whole run stands, whose chains may run several at a time. */
export interface RunStanding {
  readonly stage: 'first' | 'second'
  /** Chains that have begun and not ended, in the order of trials and chains. */
  readonly running: readonly ChainStanding[]
  /** Approximations at work, in the order of trials. */
  readonly approximating: readonly ApproximationStanding[]
  readonly trialCount: number
  /** Of the transitions of the whole run, from 0 to 1. */
  readonly fraction: number
  /** After warmup, of all chains of the stage. */
  readonly divergences: number
  /** Since the run began, or was resumed. */
  readonly seconds: number
  /** Of the whole run; undefined before it can be told, and while a posterior is approximated. */
  readonly secondsLeft: number | undefined
}

export interface RunTracker {
  event(event: TwoStageEvent): void
  report(progress: TwoStageProgress): ChainStanding
  standing(): RunStanding
}

interface Known {
  readonly standing: ChainStanding
  /** When the speed was last told, in milliseconds, and how many transitions there were. */
  readonly since: number
  readonly transitions: number
}

/** Seconds over which the speed of a chain is told, and for the first time. */
const SPEED_SECONDS = 0.5
const FIRST_SPEED_SECONDS = 0.04
/** Of the run: before this has been done, nobody can tell how long the rest takes. */
const LEAST_FRACTION = 0.005

/** Gathers events and reports of one run. @param now milliseconds of a clock */
export function runTracker(now: () => number): RunTracker {
  let start = now()
  const chains = new Map<string, Known>()
  const approximations = new Map<number, ApproximationStanding>()
  /** Transitions made of each chain, of all stages. */
  const made = new Map<string, number>()
  let plan = { trialCount: 1, chainCount: 1, transitionCount: Number.POSITIVE_INFINITY }
  let stage: RunStanding['stage'] = 'first'
  let resumed = 0

  const keyOf = ({ stage: where, trialIndex = 0, chain }: Pick<TwoStageProgress, 'stage' | 'trialIndex' | 'chain'>) =>
    `${where}/${trialIndex}/${chain}`
  const transitionsOf = ({ phase, iteration, total }: TwoStageProgress) =>
    phase === 'warmup' ? iteration : plan.transitionCount - total + iteration

  function sumMade(): number {
    return [...made.values()].reduce((sum, count) => sum + count, 0)
  }

  function markDone(where: RunStanding['stage'], trialIndex = 0): void {
    for (let chain = 0; chain < plan.chainCount; chain++)
      made.set(keyOf({ stage: where, trialIndex, chain }), plan.transitionCount)
  }

  return {
    event(event) {
      if (event.event === 'begin') {
        plan = event
        start = now()
      }
      if (event.event === 'pooling-begin') {
        stage = 'second'
        chains.clear()
      }
      if (event.event === 'approximation') approximations.set(event.trialIndex, event)
      if (event.event === 'fallback' || event.event === 'trial-end') approximations.delete(event.trialIndex)
      // What was approximated, or pooled without chains, is done too.
      if (event.event === 'trial-end') markDone('first', event.trialIndex)
      if (event.event === 'pooling-end') markDone('second')
      if (event.event === 'checkpoint-resumed') {
        made.set(keyOf(event), event.transitions)
        resumed += event.transitions
      }
    },
    report(progress) {
      const key = keyOf(progress)
      const time = now()
      const transitions = transitionsOf(progress)
      const before = chains.get(key) ?? { since: time, transitions, standing: undefined }
      const seconds = (time - before.since) / 1000
      const isTimely = seconds >= (before.standing?.speed === undefined ? FIRST_SPEED_SECONDS : SPEED_SECONDS)
      const speed = isTimely ? (transitions - before.transitions) / seconds : before.standing?.speed
      const standing = { ...progress, speed }
      chains.set(key, isTimely ? { standing, since: time, transitions } : { ...before, standing })
      made.set(key, transitions)
      return standing
    },
    standing() {
      const standings = [...chains.values()].map(({ standing }) => standing)
      const all = (plan.trialCount + 1) * plan.chainCount * plan.transitionCount
      const fraction = sumMade() / all
      const begun = resumed / all
      const seconds = (now() - start) / 1000
      return {
        stage,
        running: standings.filter((chain) => !hasEnded(chain)).sort(byPlace),
        approximating: [...approximations.values()].sort((first, second) => first.trialIndex - second.trialIndex),
        trialCount: plan.trialCount,
        fraction,
        divergences: standings.reduce((sum, { phase, divergences }) => sum + (phase === 'sampling' ? divergences : 0), 0),
        seconds,
        secondsLeft:
          approximations.size > 0 || fraction - begun < LEAST_FRACTION
            ? undefined
            : (seconds * (1 - fraction)) / (fraction - begun),
      }
    },
  }
}

const hasEnded = ({ phase, iteration, total }: TwoStageProgress): boolean => phase === 'sampling' && iteration === total

function byPlace(first: TwoStageProgress, second: TwoStageProgress): number {
  return (first.trialIndex ?? 0) - (second.trialIndex ?? 0) || first.chain - second.chain
}
