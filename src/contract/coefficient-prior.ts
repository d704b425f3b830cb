import type { Dimension } from '../draws/draws.js'
import type { Prior } from './distribution.js'
import type { DerivedQuantity, TensorsOf } from './model.js'

/** What a prior may lean on besides its own parameters. */
export interface CoefficientPriorContext {
  readonly patientCount: number
  /** Name of the parameter, declared before, that is the residual standard deviation. */
  readonly residualScale: string
}

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
  /** Quantities to keep with the draws, such as inclusion probabilities; their names begin with `name`. */
  derived?(
    name: string,
    parameters: TensorsOf<Record<string, Prior>>,
    coefficients: Dimension,
    options: Options,
  ): Record<string, DerivedQuantity>
}
