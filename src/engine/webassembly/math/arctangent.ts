import {
  absolute,
  add,
  and,
  divide,
  greater,
  mathFunction,
  multiply,
  polynomial,
  select,
  subtract,
  withSignOf,
} from './function-writer.js'

/** Where the nearest of the nodes 0, 1/2, 1, 3/2 and Infinity changes, after fdlibm (Ng 1990): |t| <= 7/16. */
const CHANGES = [7 / 16, 11 / 16, 19 / 16, 39 / 16]
/** atan of the nodes above 0, in two parts. */
const AT_NODES: readonly (readonly [number, number])[] = [
  [0.4636476090008061, 2.2698777452961687e-17],
  [0.7853981633974483, 3.061616997868383e-17],
  [0.982793723247329, 1.3903311031230998e-17],
  [1.5707963267948966, 6.123233995736766e-17],
]
/** (atan(t) / t - 1) / t^2 in t^2 for |t| <= 7/16: own Remez fit of degree 10, error of atan 2^-58. */
const P = [
  -0.3333333333333293, 0.19999999999875934, -0.1428571427245903, 0.11111110403602344, -0.0909088708758623, 0.07691875495586527,
  -0.06661066054858299, 0.05833524577687181, -0.049766956995271276, 0.03652744577459163, -0.01628178307164333,
]

/** atan |x| = atan(node) + atan(t), t = (|x| - node) / (1 + |x| node). Measured maximum error: 0.83 ulp; tiny x and -0 return
 * themselves. */
export const arctangent = mathFunction('arctangent', (writer) => {
  const { keep, x } = writer
  const a = keep(absolute(x))
  const [half, one, threeHalves, infinity] = CHANGES.map((change) => keep(greater(a, change)))
  const steps = [half, one, threeHalves].map((mask) => and(mask, 0.5))
  const node = keep(steps.reduce((sum, step) => add(sum, step)))
  const numerator = select(infinity, -1, subtract(a, node))
  const denominator = select(infinity, a, add(1, multiply(a, node)))
  const t = keep(divide(numerator, denominator))
  const atNode = (part: 0 | 1) =>
    [half, one, threeHalves, infinity].reduce((value, mask, index) => select(mask, AT_NODES[index][part], value), and(half, 0))
  const square = keep(multiply(t, t))
  const cubic = multiply(multiply(t, square), polynomial(square, P))
  return withSignOf(add(atNode(0), add(t, add(atNode(1), cubic))), x)
})
