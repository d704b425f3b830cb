import { exponentialMinusOne } from './exponential-minus-one.js'
import { atLeast, type MathFunction, mathFunction, multiply, select } from './function-writer.js'

/** x where that is positive, exp(x) - 1 elsewhere, both scaled. */
function exponentialLinearUnit(name: string, scale: number, negativeScale: number): MathFunction {
  return mathFunction(name, ({ call, x }) => {
    const negative = call(exponentialMinusOne, x)
    return select(atLeast(x, 0), multiply(x, scale), multiply(negative, negativeScale))
  })
}

/** Klambauer et al. 2017, arXiv:1706.02515. */
const SCALE = 1.0507009873554805
const ALPHA = 1.6732632423543772

export const exponentialLinear = exponentialLinearUnit('exponentialLinear', 1, 1)
export const scaledExponentialLinear = exponentialLinearUnit('scaledExponentialLinear', SCALE, SCALE * ALPHA)
