/**
 * Progress for programs: one JSON object a line, with `schema` 1, `event`, and `seconds` since the run began. Within schema 1 fields and events may
 * be added; none goes away or changes its meaning. Trials and chains are counted from 1.
 *
 * | event                 | fields                                                                                                      |
 * | --------------------- | ----------------------------------------------------------------------------------------------------------- |
 * | `begin`               | `trials`, `chains` (of each fit), `transitions` (of each chain, warmup included)                              |
 * | `trial-begin`         | `study`, `trial`                                                                                            |
 * | `chain`               | `stage` (`first`, `second`), `study` and `trial` in the first, `chain`, `phase` (`warmup`, `sampling`), `iteration` of `total` in this phase, `divergences` in this phase, `stepSize`, `iterationsPerSecond` (null when unknown), `fraction` of the run, `secondsLeft` of the run (null when unknown); at most one a second for each chain, and at the end of each phase |
 * | `trial-end`           | `study`, `trial`, `diagnosis` (`passed`, `failed`), `gradientCount`, `fitSeconds`                           |
 * | `pooling-begin`       |                                                                                                             |
 * | `pooling-end`         | `diagnosis`, `gradientCount`, `fitSeconds`                                                                  |
 * | `checkpoint-saved`    | `stage`, `study`, `trial`, `chain`, `phase`, `iteration`, `file`, `bytes`                                   |
 * | `checkpoint-resumed`  | the same                                                                                                    |
 * | `checkpoint-damaged`  | `stage`, `study`, `trial`, `chain`, `file`, `message`                                                       |
 * | `warning`, `note`     | `message`                                                                                                   |
 */
import type { TwoStageEvent, TwoStageProgress } from '../two-stage.js'
import type { ChainStanding, RunStanding } from './stage-progress.js'

export const progressSchema = 1

type Line = Readonly<Record<string, string | number | null | undefined>>

export function chainFields(chain: ChainStanding, { fraction, secondsLeft }: RunStanding): Line {
  const { phase, iteration, total, divergences, stepSize, speed } = chain
  return {
    event: 'chain',
    ...place(chain),
    chain: chain.chain + 1,
    phase,
    iteration,
    total,
    divergences,
    stepSize,
    iterationsPerSecond: speed ?? null,
    fraction,
    secondsLeft: secondsLeft ?? null,
  }
}

export function eventFields(event: TwoStageEvent): Line {
  switch (event.event) {
    case 'begin':
      return { event: event.event, trials: event.trialCount, chains: event.chainCount, transitions: event.transitionCount }
    case 'trial-begin':
      return { event: event.event, study: event.study, trial: event.trialIndex + 1 }
    case 'trial-end':
      return { event: event.event, study: event.study, trial: event.trialIndex + 1, ...outcome(event) }
    case 'pooling-begin':
      return { event: event.event }
    case 'pooling-end':
      return { event: event.event, ...outcome(event) }
    case 'checkpoint-damaged':
      return { event: event.event, ...place(event), chain: event.chain + 1, file: event.name, message: event.message }
    default: {
      const { event: kind, chain, phase, iteration, name: file, bytes } = event
      return { event: kind, ...place(event), chain: chain + 1, phase, iteration, file, bytes }
    }
  }
}

function outcome({ diagnosis, gradientCount, seconds }: { diagnosis: string; gradientCount: number; seconds: number }): Line {
  return { diagnosis, gradientCount, fitSeconds: seconds }
}

/** Members that are undefined are left out of JSON. */
function place({ stage, study, trialIndex }: Pick<TwoStageProgress, 'stage' | 'study' | 'trialIndex'>): Line {
  return { stage, study, trial: trialIndex === undefined ? undefined : trialIndex + 1 }
}
