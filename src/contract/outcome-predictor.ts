import type { Stream } from './stream.js'

/** Expected outcomes of people under each arm in one trial's setting. Analysis scale. */
export interface OutcomePredictor {
  /**
   * @param people rows of the trial's design, `[person, column]`
   * @param stream for outcomes that are random given the parameters
   * @returns `[row, person]` for each arm, the same row from the same draw; rows are evenly spaced draws, or all
   */
  predict(people: Float64Array, count: number, stream: Stream): { readonly control: Float64Array; readonly treated: Float64Array }
}
