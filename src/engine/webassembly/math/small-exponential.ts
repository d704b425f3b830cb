import { type DoubleDouble, quickSum } from './double-double.js'
import { powerOfTwoInHalves, reduceExponent } from './exponent.js'
import { absolute, add, atLeastLimit, multiply, negate, type Writer } from './function-writer.js'

/** exp rounds to 0 here. */
const UNDERFLOW = -746

export interface SmallExponential {
  /** exp(-|x|) = significand * scales[0] * scales[1], the significand in [0.7, 1.42). */
  readonly significand: DoubleDouble
  readonly scales: readonly [string, string]
  /** exp(-|x|), its lower part too, without regard to underflow. */
  readonly value: DoubleDouble
}

/** exp(-|x|) with about 57 bits, for functions that go on with it. */
export function smallExponential(writer: Writer): SmallExponential {
  const { keep, x } = writer
  const { n, head, rest } = reduceExponent(writer, keep(atLeastLimit(negate(absolute(x)), UNDERFLOW)))
  const sum = quickSum(writer, 1, head)
  const significand = quickSum(writer, sum.high, keep(add(sum.low, rest)))
  const [scale, otherScale] = powerOfTwoInHalves(writer, n)
  const scales = [keep(scale), keep(otherScale)] as const
  const scaled = (part: string) => keep(multiply(multiply(part, scales[0]), scales[1]))
  return { significand, scales, value: { high: scaled(significand.high), low: scaled(significand.low) } }
}
