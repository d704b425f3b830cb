import type { EngineChoice } from '../../src/engine/compile.js'
import type { GradientMeasure } from './measure-gradient.js'
import type { ChainLengths, SamplingMeasure } from './measure-sampling.js'

interface JobFor<Task extends string> {
  readonly task: Task
  /** Of the case. */
  readonly name: string
  /** Folder of the acceptance kit, for a case made from it. */
  readonly kit?: string
  /** File that the result goes to. */
  readonly result: string
}

export type OursJob =
  | JobFor<'gradient'>
  | (JobFor<'sampling'> & ChainLengths & { readonly seed: number; readonly adaptation?: 'gradient' | 'stan' })
  | (JobFor<'points'> & { readonly pointsFile: string; readonly answersFile: string })

export interface OursResult {
  readonly dimension: number
  readonly engine: EngineChoice
  /** Processor time of recording, compiling and self-checking everything that a fit needs. */
  readonly compileMilliseconds: number
  /** The same by the clock: what a user waits. */
  readonly compileWallMilliseconds: number
  readonly gradient?: GradientMeasure
  readonly sampling?: SamplingMeasure
}
