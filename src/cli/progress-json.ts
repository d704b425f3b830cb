/**
 * Progress for programs: one JSON object a line, with `schema` 1, `event`, and `seconds` since the run began. Within schema 1 fields and events may
 * be added; none goes away or changes its meaning. Trials and chains are counted from 1.
 *
 * | event                 | fields                                                                                                      |
 * | --------------------- | ----------------------------------------------------------------------------------------------------------- |
 * | `begin`               | `trials`, `chains` (of each fit), `transitions` (of each chain, warmup included)                              |
 * | `trial-begin`         | `study`, `trial`                                                                                            |
 * | `chain`               | `stage` (`first`, `second`), `study` and `trial` in the first, `chain`, `phase` (`warmup`, `sampling`), `iteration` of `total` in this phase, `divergences` in this phase, `stepSize`, `iterationsPerSecond` (null when unknown), `fraction` of the run, `secondsLeft` of the run (null when unknown); at most one a second for each chain, and at the end of each phase |
 * | `approximation`       | `study`, `trial`, `phase` (`approximation`), `algorithm`, `step` (`climb`, `curvature`, `bound`, `weighting`), `iteration` of `total` (null when unknown) in this step, `evidenceBound` (null when there is none), `gradientCount`, `fitSeconds`, `fraction` of the run; at most one a second for each trial |
 * | `fallback`            | `study`, `trial`, `algorithm` that failed, `reason`, `paretoK` (null when not known); NUTS follows           |
 * | `trial-end`           | `study`, `trial`, `diagnosis` (`passed`, `failed`), `gradientCount`, `fitSeconds`                           |
 * | `pooling-begin`       |                                                                                                             |
 * | `pooling-end`         | `diagnosis`, `gradientCount`, `fitSeconds`                                                                  |
 * | `checkpoint-saved`    | `stage`, `study`, `trial`, `chain`, `phase`, `iteration`, `file`, `bytes`                                   |
 * | `checkpoint-resumed`  | the same                                                                                                    |
 * | `checkpoint-damaged`  | `stage`, `study`, `trial`, `chain`, `file`, `message`                                                       |
 * | `warning`, `note`     | `message`                                                                                                   |
 */
import type { TwoStageEvent, TwoStageProgress } from '../stages/stage-input.js'
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
    case 'approximation':
      return approximationFields(event)
    case 'fallback': {
      const { study, algorithm, reason, paretoK = null } = event
      return { event: event.event, study, trial: event.trialIndex + 1, algorithm, reason, paretoK }
    }
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

function approximationFields(event: Extract<TwoStageEvent, { event: 'approximation' }>): Line {
  const { study, trialIndex, phase, algorithm, step, iteration, total = null, evidenceBound = null, gradientCount } = event
  const where = { event: event.event, study, trial: trialIndex + 1, phase, algorithm, step }
  return { ...where, iteration, total, evidenceBound, gradientCount, fitSeconds: event.secondsElapsed }
}

function outcome({ diagnosis, gradientCount, seconds }: { diagnosis: string; gradientCount: number; seconds: number }): Line {
  return { diagnosis, gradientCount, fitSeconds: seconds }
}

/** Members that are undefined are left out of JSON. */
function place({ stage, study, trialIndex }: Pick<TwoStageProgress, 'stage' | 'study' | 'trialIndex'>): Line {
  return { stage, study, trial: trialIndex === undefined ? undefined : trialIndex + 1 }
}
