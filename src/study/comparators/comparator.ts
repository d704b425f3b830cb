/**
 * Learners that the authors compared with and that are no models of this package: they give a point prediction and are refitted to bootstrap samples. Here to be beaten, or not, in
 * the study; nothing else uses them.
 */
import type { Stream } from '../../contract/stream.js'
import type { TrialDesign } from '../../contract/trial.js'

export interface Comparator {
  readonly name: string
  readonly summary: string
  /**
   * @param weight how often each patient counts, `[patient]`
   * @returns the effect of people, `[person, modifier]` scaled, as `[person]`
   */
  fit(trial: TrialDesign, weight: Float64Array, stream: Stream): (people: Float64Array) => Float64Array
}
