import type { Tensor } from '@tensorflow/tfjs'
import type { Dimension } from '../draws/draws.js'
import type { Prior } from './distribution.js'
import type { Stream } from './stream.js'

/** A numeric array of more than one axis as data: row-major values with their shape. */
export interface NumericArray {
  readonly values: Float64Array
  readonly shape: readonly number[]
}

/** What a model may be conditioned on. Numbers and strings stay as they are; numeric arrays reach the log likelihood as tensors. */
export type DataValue =
  | number
  | string
  | readonly string[]
  | Float64Array
  | readonly number[]
  | readonly (readonly number[])[]
  | NumericArray
  | Dimension

/** The data as `logLikelihood` and `derived` see them. */
export type TensorData<Data> = {
  readonly [Key in keyof Data]: Data[Key] extends Float64Array | readonly number[] | readonly (readonly number[])[] | NumericArray
    ? Tensor
    : Data[Key]
}

export type TensorsOf<Parameters> = { readonly [Name in keyof Parameters]: Tensor }
/** Values of one draw, row-major, on the parameters' own scale. */
export type ValuesOf<Parameters> = { readonly [Name in keyof Parameters]: Float64Array }

/** A quantity computed from the parameters: the tensor, and names for its axes when they have any. */
export interface DerivedQuantity {
  readonly value: Tensor
  readonly dimensions?: readonly Dimension[]
}
/** The same for a quantity that needs randomness: plain numbers, row-major. */
export interface GeneratedQuantity {
  readonly value: Float64Array | number
  readonly dimensions?: readonly Dimension[]
}

/**
 * Parameters that need not be sampled: given the others their posterior is known, so that they are integrated out of what is sampled and drawn
 * afterwards. In draws they stand among the other parameters.
 */
export interface IntegratedParameters<Data, Parameters extends Record<string, Prior> = Record<string, Prior>> {
  /** No prior of another parameter may refer to them. */
  readonly names: readonly string[]
  /** Log of the integral, over them, of the likelihood times their priors: one number, up to a constant. */
  readonly logLikelihood: (others: TensorsOf<Parameters>, data: TensorData<Data>) => Tensor
  /**
   * A draw of them given the others and the data, as a function of independent standard normal noise, one for each of their elements.
   * @param noise `[element]`
   */
  readonly draw: (others: TensorsOf<Parameters>, noise: Tensor, data: TensorData<Data>) => Record<string, Tensor>
}

/**
 * A probabilistic model as a value: everything else (log density with Jacobians, prior draws, predictive draws, pointwise log likelihood,
 * names) follows from it.
 */
export interface Model<Data, Parameters extends Record<string, Prior> = Record<string, Prior>> {
  readonly name: string
  /** Declares the parameters; a prior may refer to parameters declared before it. */
  readonly parameters: (data: Data) => Parameters
  /** Log likelihood of each observation in tfjs operations, shape `[observation]`. */
  readonly logLikelihood: (parameters: TensorsOf<Parameters>, data: TensorData<Data>) => Tensor
  /** Optional: a cheaper scalar that equals the sum of `logLikelihood` up to a constant. A contract test compares the two. */
  readonly logLikelihoodSum?: (parameters: TensorsOf<Parameters>, data: TensorData<Data>) => Tensor
  /**
   * Optional: parameters to be integrated out with these data, if any. Everything but sampling sees the model as it is without this: its prior, its
   * observations, independent given all parameters. A contract test compares the two forms.
   */
  readonly integratedOut?: (data: Data) => IntegratedParameters<Data, Parameters> | undefined
  /** Replicates the outcome given parameters: for prior and posterior predictive draws and simulation-based calibration. `[observation]` */
  readonly simulate?: (stream: Stream, parameters: ValuesOf<Parameters>, data: Data) => Float64Array
  /** The observed outcome, laid out as `simulate` lays out its replicates: for predictive checks. */
  readonly outcome?: (data: Data) => Float64Array
  /** Data with the replicated outcome in place of the observed one, for simulation-based calibration. */
  readonly withOutcome?: (data: Data, outcome: Float64Array) => Data
  /** Deterministic quantities to be kept with the draws. */
  readonly derived?: (parameters: TensorsOf<Parameters>, data: TensorData<Data>) => Record<string, Tensor | DerivedQuantity>
  /** Random quantities to be kept with the draws, such as the effect in a new trial. */
  readonly generate?: (stream: Stream, parameters: ValuesOf<Parameters>, data: Data) => Record<string, GeneratedQuantity>
}
