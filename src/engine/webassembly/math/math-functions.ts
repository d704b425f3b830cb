import { digamma } from './digamma.js'
import { errorFunction } from './error-function.js'
import { errorFunctionComplement } from './error-function-complement.js'
import { exponential } from './exponential.js'
import { exponentialMinusOne } from './exponential-minus-one.js'
import type { MathFunction } from './function-writer.js'
import { hyperbolicTangent } from './hyperbolic-tangent.js'
import { logGamma } from './log-gamma.js'
import { logarithm } from './logarithm.js'
import { logarithmOnePlus } from './logarithm-one-plus.js'
import { sigmoid } from './sigmoid.js'
import { softplus } from './softplus.js'

export type { MathFunction } from './function-writer.js'

/**
 * Functions of two float64 numbers at once, keyed by their names in `scalarFunctions`: WebAssembly functions `$key` from v128 to
 * v128, both lanes independent. They use sums, products, quotients, rounding to integers and bit operations only, all exactly
 * defined, so that results are the same on every machine.
 */
export const mathFunctions: Readonly<Record<string, MathFunction>> = {
  digamma,
  errorFunction,
  errorFunctionComplement,
  exponential,
  exponentialMinusOne,
  hyperbolicTangent,
  logarithm,
  logarithmOnePlus,
  logGamma,
  sigmoid,
  softplus,
}
