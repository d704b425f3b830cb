import { arctangent } from './arctangent.js'
import { digamma } from './digamma.js'
import { errorFunction } from './error-function.js'
import { errorFunctionComplement } from './error-function-complement.js'
import { exponential } from './exponential.js'
import { exponentialLinear, scaledExponentialLinear } from './exponential-linear.js'
import { exponentialMinusOne } from './exponential-minus-one.js'
import type { MathFunction } from './function-writer.js'
import { hyperbolicCosine } from './hyperbolic-cosine.js'
import { hyperbolicSine } from './hyperbolic-sine.js'
import { hyperbolicTangent } from './hyperbolic-tangent.js'
import { inverseHyperbolicTangent } from './inverse-hyperbolic-tangent.js'
import { logGamma } from './log-gamma.js'
import { logAddExp, logOneMinusExp } from './log-space.js'
import { logarithm } from './logarithm.js'
import { logarithmOnePlus } from './logarithm-one-plus.js'
import { inverseMillsRatio, logNormalCdf, normalCdf } from './normal-cdf.js'
import { power } from './power.js'
import { sigmoid } from './sigmoid.js'
import { cosine, sine } from './sine.js'
import { softplus } from './softplus.js'
import { trigamma } from './trigamma.js'

export type { MathFunction } from './function-writer.js'

/**
 * Functions of two float64 numbers at once, keyed by their names in `scalarFunctions`: WebAssembly functions `$key` from v128 to
 * v128, both lanes independent. They use sums, products, quotients, square roots, rounding to integers, bit operations and tables
 * made of these only, all exactly defined, so that results are the same on every machine.
 */
export const mathFunctions: Readonly<Record<string, MathFunction>> = {
  arctangent,
  cosine,
  digamma,
  errorFunction,
  errorFunctionComplement,
  exponential,
  exponentialLinear,
  exponentialMinusOne,
  hyperbolicCosine,
  hyperbolicSine,
  hyperbolicTangent,
  inverseHyperbolicTangent,
  inverseMillsRatio,
  logAddExp,
  logarithm,
  logarithmOnePlus,
  logGamma,
  logNormalCdf,
  logOneMinusExp,
  normalCdf,
  power,
  scaledExponentialLinear,
  sigmoid,
  sine,
  softplus,
  trigamma,
}
