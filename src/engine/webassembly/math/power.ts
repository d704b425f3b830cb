import { type DoubleDouble, exactProduct, quickSum, upperHalf } from './double-double.js'
import { wideExponential } from './exponential-parts.js'
import {
  absolute,
  add,
  and,
  atLeast,
  atLeastLimit,
  atMostLimit,
  divide,
  equal,
  exclusiveOr,
  floor,
  greater,
  less,
  mathFunction,
  multiply,
  not,
  or,
  polynomial,
  SIGN_BIT,
  select,
  subtract,
  type Writer,
} from './function-writer.js'
import { LN2_HIGH, LN2_LOW, splitSignificand } from './logarithm-of-significand.js'
import { lookUpPairs } from './lookup.js'
import { logarithmTable, STEPS } from './tables/logarithm-table.js'

const SMALLEST_NORMAL = 2.2250738585072014e-308
const TWO_TO_54 = 18014398509481984
/** exp overflows or vanishes within. */
const EXPONENT_LIMIT = 1100
/** Added to a number below 2, it leaves the nearest multiple of 1/128 as an integer in the last bits. */
const SHIFTER = (1.5 * 2 ** 52) / STEPS
/** (log(1 + r) - r + r^2/2) / r^3 for |r| <= 0.0055: own Remez fit of degree 5, relative error of the logarithm 2^-70. */
const P = [
  0.3333333333333339, -0.25000000000000117, 0.19999999988441777, -0.16666666650436457, 0.14286366717383436, -0.12500711999382388,
]

/** log(x 2^offset) with a relative error of about 2^-66, for a local that holds positive normal numbers. */
function logarithmForPower(writer: Writer, x: string, offset: string): DoubleDouble {
  const { keep } = writer
  const { k: exponent, m } = splitSignificand(writer, x)
  const k = keep(add(exponent, offset))
  const shifted = keep(add(subtract(m, 1), SHIFTER))
  const [high, low] = lookUpPairs(writer, logarithmTable, shifted)
  const node = keep(add(subtract(shifted, SHIFTER), 1))
  const distance = keep(subtract(m, node))
  const inverse = keep(divide(1, node))
  // r = distance / node: `upper` has 26 bits, so that its square, and its product with the node, are exact.
  const upper = keep(upperHalf(multiply(distance, inverse)))
  const lower = keep(multiply(subtract(distance, multiply(upper, node)), inverse))
  const r = keep(add(upper, lower))
  const first = quickSum(writer, keep(add(multiply(k, LN2_HIGH), high)), upper)
  const second = quickSum(writer, first.high, keep(multiply(multiply(upper, upper), -0.5)))
  const cross = multiply(lower, add(upper, multiply(lower, 0.5)))
  const cubic = multiply(multiply(multiply(r, r), r), polynomial(r, P))
  const small = add(add(first.low, second.low), add(add(multiply(k, LN2_LOW), low), add(subtract(lower, cross), cubic)))
  return quickSum(writer, second.high, keep(small))
}

/** x^y for finite y and a local x with positive normal numbers, times 2^(offset y). */
function positivePower(writer: Writer, x: string, y: string, offset: string): string {
  const { keep } = writer
  const logarithm = logarithmForPower(writer, x, offset)
  const product = exactProduct(writer, y, logarithm.high)
  const isLarge = keep(not(less(absolute(product.high), EXPONENT_LIMIT)))
  const rest = select(isLarge, 0, add(product.low, multiply(y, logarithm.low)))
  const exponent = quickSum(writer, keep(atLeastLimit(atMostLimit(product.high, EXPONENT_LIMIT), -EXPONENT_LIMIT)), keep(rest))
  const { significand, correction, scales } = wideExponential(writer, exponent.high)
  const whole = keep(add(correction, multiply(exponent.low, add(1, correction))))
  return keep(multiply(multiply(add(significand, multiply(significand, whole)), scales[0]), scales[1]))
}

/** Any x and y, as JavaScript has it: NaN for an infinite power of 1 or -1. */
const everywhere = mathFunction(
  'powerEverywhere',
  (writer) => {
    const { keep, x, y } = writer
    const a = keep(absolute(x))
    const isSubnormal = keep(less(a, SMALLEST_NORMAL))
    const regular = positivePower(writer, keep(select(isSubnormal, multiply(a, TWO_TO_54), a)), y, keep(and(isSubnormal, -54)))
    // 0 and Infinity as x, Infinity as y: the result is 0, Infinity or, for 1, NaN.
    const isUnbounded = or(or(equal(a, 0), equal(a, Infinity)), equal(absolute(y), Infinity))
    const grows = exclusiveOr(greater(a, 1), less(y, 0))
    const limit = select(equal(a, 1), NaN, and(grows, Infinity))
    const magnitude = select(isUnbounded, limit, regular)
    const isInteger = keep(equal(floor(y), y))
    const halfOfY = keep(multiply(y, 0.5))
    const isOdd = and(and(isInteger, less(absolute(y), Infinity)), not(equal(floor(halfOfY), halfOfY)))
    const signed = exclusiveOr(magnitude, and(and(x, SIGN_BIT), isOdd))
    const isDefined = or(or(not(less(x, 0)), isInteger), or(equal(a, Infinity), equal(absolute(y), Infinity)))
    const isNumber = and(equal(x, x), equal(y, y))
    return select(equal(y, 0), 1, select(and(isDefined, isNumber), signed, NaN))
  },
  { parameterCount: 2 },
)

/**
 * x^y = exp(y log(x)), the logarithm and the product in double-double. Anything but finite powers of positive normal numbers takes a rare
 * branch. Measured maximum error: 0.54 ulp for normal results.
 */
export const power = mathFunction(
  'power',
  (writer) => {
    const { keep, assign, ifAny, call, x, y } = writer
    const value = keep(positivePower(writer, x, y, keep(0)))
    const isRegular = and(and(atLeast(x, SMALLEST_NORMAL), less(x, Infinity)), less(absolute(y), Infinity))
    const isRare = keep(not(isRegular))
    ifAny(isRare, () => assign(value, select(isRare, call(everywhere, x, y), value)))
    return value
  },
  { parameterCount: 2 },
)
