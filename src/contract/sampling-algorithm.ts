import type { LogDensity } from './log-density.js'
import type { Stream } from './stream.js'

/**
 * A Markov chain Monte Carlo algorithm as a pure pair, after blackjax (Cabezas et al. 2024, arXiv 2402.10797).
 *
 * `State` is what the next step needs, `Info` is what diagnostics need, `Settings` is what adaptation tunes and sampling holds fixed.
 * `step` leaves its arguments unchanged, apart from the stream that it draws from. A state is plain data (numbers, strings, typed arrays): a copy
 * of it, with that of the stream, is all that an interrupted chain needs to go on with the same bits.
 */
export interface SamplingAlgorithm<State, Settings, Info> {
  readonly name: string
  init(position: Float64Array, logDensity: LogDensity): State
  step(stream: Stream, state: State, logDensity: LogDensity, settings: Settings): { readonly state: State; readonly info: Info }
}
