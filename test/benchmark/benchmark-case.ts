import type { NumericArray } from '../../src/contract/model.js'
import type { ConditionedModel } from '../../src/language/condition.js'

/** What a Stan program is given: names as in its data block. */
export type PeerData = Readonly<Record<string, number | Float64Array | NumericArray>>

/**
 * One model with its data, in our language and in Stan's. One a file in `models/`, exported as `benchmarkCase`; the file name is its name on
 * the command line.
 *
 * Both must declare the same parameters in the same order, so that their unconstrained vectors coincide element by element: a Stan
 * `matrix[a, b]`, stored by columns, is our shape `[b, a]`, stored by rows.
 */
export interface BenchmarkCase {
  readonly title: string
  /** Our model, conditioned on its data: records, compiles and checks it. */
  condition(): ConditionedModel
  readonly peer: {
    /** Of a file in `peers/`, without the extension. */
    readonly program: string
    data(): PeerData
    /** The one chain whose sampling phase is timed. */
    readonly chain: { readonly warmup: number; readonly draws: number; readonly maximumTreeDepth: number }
  }
  /** Present when effective draws per second are compared too. */
  readonly sampling?: {
    /** Quantities over which the smallest bulk-ESS is taken; they have the same names on both sides. */
    readonly monitored: readonly string[]
    readonly targetAcceptance: number
  }
}
