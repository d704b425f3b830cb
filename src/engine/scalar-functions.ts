import { digamma, tetragamma, trigamma } from '../numeric/digamma.js'
import { erf, erfc } from '../numeric/error-function.js'
import { logGamma } from '../numeric/log-gamma.js'
import { logAddExp, logOneMinusExp } from '../numeric/log-space.js'
import { inverseMillsRatio, logNormalCdf, normalCdf } from '../numeric/normal-cdf.js'
import { normalQuantile } from '../numeric/normal-quantile.js'

/** A function of one to three numbers: the JavaScript expression that printers inline, over the operands `a`, `b`, `c`. */
export interface ScalarFunction {
  readonly arity: 1 | 2 | 3
  /** May call the members of `scalarLibrary` as `f.name(...)`. Truth is 1, falsehood 0. */
  readonly expression: string
  evaluate(...operands: readonly number[]): number
}

/** Functions too long to inline. */
export const scalarLibrary = {
  digamma,
  erf,
  erfc,
  inverseMillsRatio,
  logAddExp,
  logGamma,
  logNormalCdf,
  logOneMinusExp,
  normalCdf,
  normalQuantile,
  tetragamma,
  trigamma,
  /** log(1 + exp(x)) without overflow. */
  softplus: (x: number): number => (x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x))),
  /** Remainder with the sign of the divisor, exact as that of JavaScript is. */
  modulo: (a: number, b: number): number => {
    const rest = a % b
    return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest
  },
  /** Half to even, as IEEE and tfjs round. */
  roundHalfToEven: (x: number): number => {
    const floor = Math.floor(x)
    const rest = x - floor
    return rest < 0.5 || (rest === 0.5 && floor % 2 === 0) ? floor : floor + 1
  },
}

const expressions: Record<string, readonly [ScalarFunction['arity'], string]> = {
  copy: [1, 'a'],
  negate: [1, '-a'],
  absolute: [1, 'Math.abs(a)'],
  sign: [1, 'Math.sign(a)'],
  exponential: [1, 'Math.exp(a)'],
  exponentialMinusOne: [1, 'Math.expm1(a)'],
  logarithm: [1, 'Math.log(a)'],
  logarithmOnePlus: [1, 'Math.log1p(a)'],
  squareRoot: [1, 'Math.sqrt(a)'],
  reciprocalSquareRoot: [1, '1 / Math.sqrt(a)'],
  square: [1, 'a * a'],
  reciprocal: [1, '1 / a'],
  sine: [1, 'Math.sin(a)'],
  cosine: [1, 'Math.cos(a)'],
  tangent: [1, 'Math.tan(a)'],
  arcsine: [1, 'Math.asin(a)'],
  arccosine: [1, 'Math.acos(a)'],
  arctangent: [1, 'Math.atan(a)'],
  hyperbolicSine: [1, 'Math.sinh(a)'],
  hyperbolicCosine: [1, 'Math.cosh(a)'],
  hyperbolicTangent: [1, 'Math.tanh(a)'],
  inverseHyperbolicSine: [1, 'Math.asinh(a)'],
  inverseHyperbolicCosine: [1, 'Math.acosh(a)'],
  inverseHyperbolicTangent: [1, 'Math.atanh(a)'],
  sigmoid: [1, '1 / (1 + Math.exp(-a))'],
  softplus: [1, 'f.softplus(a)'],
  errorFunction: [1, 'f.erf(a)'],
  errorFunctionComplement: [1, 'f.erfc(a)'],
  logGamma: [1, 'f.logGamma(a)'],
  digamma: [1, 'f.digamma(a)'],
  trigamma: [1, 'f.trigamma(a)'],
  tetragamma: [1, 'f.tetragamma(a)'],
  normalCdf: [1, 'f.normalCdf(a)'],
  logNormalCdf: [1, 'f.logNormalCdf(a)'],
  inverseMillsRatio: [1, 'f.inverseMillsRatio(a)'],
  normalQuantile: [1, 'f.normalQuantile(a)'],
  logOneMinusExp: [1, 'f.logOneMinusExp(a)'],
  floor: [1, 'Math.floor(a)'],
  ceiling: [1, 'Math.ceil(a)'],
  round: [1, 'f.roundHalfToEven(a)'],
  truncate: [1, 'Math.trunc(a)'],
  rectifiedLinear: [1, 'a > 0 ? a : (a === a ? 0 : a)'],
  rectifiedLinear6: [1, 'Math.min(Math.max(a, 0), 6)'],
  exponentialLinear: [1, 'a >= 0 ? a : Math.expm1(a)'],
  scaledExponentialLinear: [
    1,
    'a >= 0 ? 1.0507009873554804934193349852946 * a : 1.0507009873554804934193349852946 * 1.6732632423543772848170429916717 * Math.expm1(a)',
  ],
  isNotANumber: [1, 'a === a ? 0 : 1'],
  isFinite: [1, 'Number.isFinite(a) ? 1 : 0'],
  isInfinite: [1, '(a === Infinity || a === -Infinity) ? 1 : 0'],
  not: [1, 'a === 0 ? 1 : 0'],
  toBoolean: [1, 'a !== 0 ? 1 : 0'],
  add: [2, 'a + b'],
  subtract: [2, 'a - b'],
  multiply: [2, 'a * b'],
  divide: [2, 'a / b'],
  divideNoNaN: [2, 'b === 0 ? 0 : a / b'],
  floorDivide: [2, 'Math.floor(a / b)'],
  modulo: [2, 'f.modulo(a, b)'],
  power: [2, 'Math.pow(a, b)'],
  maximum: [2, 'Math.max(a, b)'],
  minimum: [2, 'Math.min(a, b)'],
  logAddExp: [2, 'f.logAddExp(a, b)'],
  squaredDifference: [2, '(a - b) * (a - b)'],
  arctangent2: [2, 'Math.atan2(a, b)'],
  leakyRectifiedLinear: [2, 'a >= 0 ? a : a * b'],
  eluGradient: [2, 'b >= 0 ? a : a * (b + 1)'],
  step: [2, 'a > 0 ? 1 : (a === a ? b : a)'],
  greater: [2, 'a > b ? 1 : 0'],
  greaterOrEqual: [2, 'a >= b ? 1 : 0'],
  less: [2, 'a < b ? 1 : 0'],
  lessOrEqual: [2, 'a <= b ? 1 : 0'],
  equal: [2, 'a === b ? 1 : 0'],
  notEqual: [2, 'a !== b ? 1 : 0'],
  and: [2, '(a !== 0 && b !== 0) ? 1 : 0'],
  or: [2, '(a !== 0 || b !== 0) ? 1 : 0'],
  select: [3, 'a !== 0 ? b : c'],
}

export const scalarFunctions: Readonly<Record<string, ScalarFunction>> = Object.fromEntries(
  Object.entries(expressions).map(([name, [arity, expression]]) => [
    name,
    { arity, expression, evaluate: evaluator(expression) },
  ]),
)

/** Compiled when it is first called: a worker thread starts without any, and most need none. */
function evaluator(expression: string): ScalarFunction['evaluate'] {
  let compiled: ((library: typeof scalarLibrary, ...operands: readonly number[]) => number) | undefined
  return (...operands) => {
    compiled ??= new Function('f', 'a', 'b', 'c', `return ${expression}`) as NonNullable<typeof compiled>
    return compiled(scalarLibrary, ...operands)
  }
}
