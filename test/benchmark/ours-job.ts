import type { EngineChoice } from '../../src/engine/compile.js'
import type { GradientMeasure } from './measure-gradient.js'
import type { SamplingMeasure } from './measure-sampling.js'

interface JobFor<Task extends string> {
  readonly task: Task
  /** Of the case. */
  readonly name: string
  /** File that the result goes to. */
  readonly result: string
}

export type OursJob =
  | JobFor<'gradient'>
  | (JobFor<'sampling'> & { readonly seed: number })
  | (JobFor<'points'> & { readonly pointsFile: string; readonly answersFile: string })

export interface OursResult {
  readonly dimension: number
  readonly engine: EngineChoice
  /** Processor time of recording, compiling and self-checking everything that a fit needs. */
  readonly compileMilliseconds: number
  readonly gradient?: GradientMeasure
  readonly sampling?: SamplingMeasure
}
