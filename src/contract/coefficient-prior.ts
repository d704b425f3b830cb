import type { Dimension } from '../draws/draws.js'
import type { Prior } from './distribution.js'
import type { DerivedQuantity, TensorsOf } from './model.js'

/** What a prior may lean on besides its own parameters. */
export interface CoefficientPriorContext {
  readonly patientCount: number
  /** The residual standard deviation: a number, or the name of the parameter, declared before, that it is. */
  readonly residualScale: string | number
}

/**
 * A prior under which the coefficients of a normal regression have a closed-form posterior given sigma: flat, independent normal with mean 0, or
 * independent mixtures of two such normals.
 */
export type ExactForm =
  | { readonly kind: 'flat' }
  /** `isRelative`: the scale is in units of the residual standard deviation. */
  | { readonly kind: 'normal'; readonly scale: number; readonly isRelative: boolean }
  | { readonly kind: 'mixture'; readonly slabScale: number; readonly spikeScale: number; readonly slabProbability: number }

/**
 * A joint prior of several regression coefficients with mean 0, in reference standard deviations of the outcome per scale unit of the
 * covariate. One a file in `models/priors/`, exported as `coefficientPrior`; the file name is its name in a protocol.
 */
export interface CoefficientPrior<Options = unknown> {
  readonly name: string
  /** One line for lists of priors. */
  readonly summary: string
  /** Mean acceptance probability that the step size should aim at, at least. */
  readonly targetAcceptance: number
  /**
   * Completes the options of a protocol with defaults.
   * @throws ProtocolError naming the option.
   */
  parseOptions(raw: unknown): Options
  /** What a methods paragraph says, such as `Laplace (lasso) priors whose scale has a half-normal prior with scale 1`. */
  describe(options: Options): string
  /**
   * The parameters in the order in which they are declared. The coefficients themselves are called `name`, the others begin with it.
   */
  declare(name: string, coefficients: Dimension, options: Options, context: CoefficientPriorContext): Record<string, Prior>
  /** Absent, or `undefined`, when there is no closed form. */
  exactForm?(options: Options): ExactForm | undefined
  /** Quantities to keep with the draws, such as inclusion probabilities; their names begin with `name`. */
  derived?(
    name: string,
    parameters: TensorsOf<Record<string, Prior>>,
    coefficients: Dimension,
    options: Options,
  ): Record<string, DerivedQuantity>
}
