import * as tf from '@tensorflow/tfjs'
import {
  cholesky,
  digamma,
  erfc,
  inverseMillsRatio,
  logAddExp,
  logGamma,
  logNormalCdf,
  logOneMinusExp,
  multivariateNormalLogProbability,
  normalCdf,
  normalQuantile,
  triangularSolve,
  trigamma,
} from '../../../src/engine/operations.js'

/** One use of a kernel: a function of tensors of these shapes, with elements uniform in `between`. */
export interface KernelCase {
  readonly shapes: readonly number[][]
  readonly build: (...inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[]
  /** (-2, 2) by default. */
  readonly between?: readonly [number, number]
  /** Set where tfjs defines no gradient. */
  readonly hasNoGradient?: boolean
  /** Why the comparison with eager tfjs is left out: what its cpu backend does wrong here. */
  readonly eagerFault?: string
}

type Options = Omit<KernelCase, 'shapes' | 'build'>
type Build = KernelCase['build']

const on = (build: Build, options: Options, ...shapeLists: readonly number[][][]): KernelCase[] =>
  shapeLists.map((shapes) => ({ shapes, build, ...options }))

const ofOne = (build: (x: tf.Tensor) => tf.Tensor, options: Options = {}): KernelCase[] =>
  on(build, options, [[]], [[1]], [[5]], [[2, 1, 3]], [[0]], [[3, 0]])

const chosen = (build: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): KernelCase[] =>
  on(
    build,
    {},
    [[], []],
    [[3], []],
    [[], [3]],
    [[1], [4]],
    [
      [2, 3],
      [2, 3],
    ],
    [[2, 3], [3]],
    [[3], [2, 3]],
    [
      [2, 1],
      [1, 3],
    ],
    [
      [2, 1, 3],
      [4, 1],
    ],
  )

/** tf.where, which `chosen` is for, cannot stretch an axis to length 0; the operations themselves can. */
const ofTwo = (build: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor, options: Options = {}): KernelCase[] =>
  [...chosen(build), ...on(build, {}, [[0, 3], [3]])].map((one) => ({ ...one, ...options }))

const positive = { between: [0.2, 4] } as const
const withoutGradient = { hasNoGradient: true } as const
const reductions = (
  reduce: (x: tf.Tensor, axis?: number | number[], keepDims?: boolean) => tf.Tensor,
  options: Options = {},
): KernelCase[] => [
  ...on((x) => reduce(x), options, [[]], [[1]], [[5]], [[2, 1, 3]]),
  ...on((x) => reduce(x, 0), options, [[4]], [[2, 3]], [[1, 3]], [[3, 1, 2]]),
  ...on((x) => reduce(x, -1, true), options, [[4]], [[2, 3]], [[2, 1]]),
  ...on((x) => reduce(x, [0, 2]), options, [[2, 3, 4]], [[1, 3, 1]]),
  ...on((x) => reduce(x, 1), options, [[2, 3, 4]], [[3, 1]]),
]
const isPositive = (x: tf.Tensor): tf.Tensor => tf.greater(x, 0)

/** Symmetric positive definite matrices out of square ones. */
const definite = (x: tf.Tensor): tf.Tensor => tf.add(tf.matMul(x, x, false, true), tf.eye(x.shape[x.shape.length - 1]))
/** Lower triangular matrices with a diagonal away from 0. */
const lower = (x: tf.Tensor): tf.Tensor => {
  const size = x.shape[x.shape.length - 1]
  const mask = Array.from({ length: size }, (_, row) => Array.from({ length: size }, (_, column) => (column <= row ? 1 : 0)))
  return tf.add(tf.mul(tf.mul(x, 0.3), tf.tensor2d(mask, [size, size])), tf.eye(size))
}
const integers = (values: number[] | number[][]): tf.Tensor => tf.tensor(values, undefined, 'int32')
const squares = [[[1, 1]], [[3, 3]], [[2, 3, 3]], [[2, 1, 2, 2]], [[3, 0, 0]], [[0, 2, 2]]]

const cumulativeProducts = (): KernelCase[] => [
  ...on((x) => tf.cumprod(x), {}, [[5]], [[3, 2]], [[1]], [[0]]),
  ...on((x) => tf.cumprod(x, 1, true), {}, [[2, 3]], [[2, 3, 2]], [[2, 1]]),
  ...on((x) => tf.cumprod(tf.transpose(x), 0, false, true), {}, [[2, 3]]),
  ...on((x) => tf.cumprod(x, 1, true, true), {}, [[2, 3]], [[2, 3, 2]]),
  ...on((x) => tf.cumprod(tf.mul(x, tf.tensor1d([1, 0, 1, 0, 1]))), {}, [[5]], [[2, 5]]),
]

const stridedSlices = (): KernelCase[] => [
  ...on((x) => tf.stridedSlice(x, [1], [6], [2]), {}, [[7]], [[7, 2]]),
  ...on((x) => tf.stridedSlice(x, [-1, 2], [-3, 0], [-1, -1]), {}, [[3, 4]]),
  ...on((x) => tf.stridedSlice(x, [5, 1], [1, 9], [-2, 3], 1, 2), {}, [[4, 5]]),
  ...on((x) => tf.stridedSlice(tf.transpose(x), [0, 1], [3, 1], [1, 1], 0, 0, 0, 0, 2), {}, [[2, 3]]),
  ...on((x) => tf.stridedSlice(x, [0, 0, 0], [0, 0, 2], [1, 1, 1], 0, 0, 1, 2), {}, [[2, 2, 3]]),
  ...on((x) => tf.stridedSlice(x, [2], [2], [1]), {}, [[4]]),
]

/** Cases by kernel name; a rule without cases fails the test that reads this table. */
export const kernelCases: Readonly<Record<string, readonly KernelCase[]>> = {
  // arrangement
  Identity: ofOne((x) => tf.clone(x)),
  Reshape: [
    ...on((x) => tf.reshape(x, [3, 2]), {}, [[6]], [[2, 3]], [[1, 6, 1]]),
    ...on((x) => tf.reshape(tf.transpose(x), [6]), {}, [[2, 3]], [[1, 6]]),
    ...on((x) => tf.reshape(tf.transpose(x, [1, 2, 0]), [4, 6]), {}, [[2, 3, 4]]),
    ...on((x) => tf.reshape(x, []), {}, [[1]], [[1, 1]], [[]]),
    ...on((x) => tf.reshape(x, [0, 2]), {}, [[0]], [[3, 0]]),
  ],
  ExpandDims: [
    ...on((x) => tf.expandDims(x, -1), {}, [[]], [[3]], [[2, 3]]),
    ...on((x) => tf.expandDims(x, 1), {}, [[3]], [[2, 3]]),
  ],
  Transpose: [
    ...ofOne((x) => tf.transpose(x)),
    ...on((x) => tf.transpose(x, [2, 0, 1]), {}, [[2, 3, 4]], [[1, 3, 1]]),
    ...on((x) => tf.exp(tf.transpose(tf.sin(x), [0, 2, 1])), {}, [[2, 3, 4]]),
  ],
  Slice: [
    ...on((x) => tf.slice(x, [1], [2]), {}, [[4]], [[3, 2]]),
    ...on((x) => tf.slice(x, [0, 1], [-1, 1]), {}, [[2, 3]], [[1, 2]]),
    ...on((x) => tf.slice(x, 1, 2), {}, [[3]], [[4, 2]]),
    ...on((x) => tf.slice(x, [1]), {}, [[3]], [[4, 2]]),
    ...on((x) => tf.slice(x, [1], [0]), {}, [[4]]),
    ...on((x) => tf.slice(tf.slice(tf.transpose(x), [1, 0], [2, 2]), [0, 1], [2, 1]), {}, [[3, 4]]),
  ],
  StridedSlice: stridedSlices(),
  PooliteStridedSliceGradient: stridedSlices(),
  Reverse: [
    ...on((x) => tf.reverse(x), {}, [[]], [[1]], [[4]], [[2, 3]]),
    ...on((x) => tf.reverse(tf.slice(x, [0, 1], [-1, 2]), -1), {}, [[2, 4]]),
  ],
  Concat: [
    ...on(
      (a, b) => tf.concat([a, b]),
      {},
      [[2], [3]],
      [[1], [0]],
      [
        [2, 3],
        [1, 3],
      ],
    ),
    ...on(
      (a, b) => tf.concat([a, b, tf.mul(a, 2)], 1),
      {},
      [
        [2, 1],
        [2, 3],
      ],
      [
        [0, 1],
        [0, 2],
      ],
    ),
    ...on((a, b) => tf.concat([tf.transpose(a), tf.fill([2, 1], 7), b], -1), {}, [
      [3, 2],
      [2, 2],
    ]),
  ],
  Pack: [
    ...on((a, b) => tf.stack([a, b]), {}, [[], []], [[3], [3]]),
    ...on(
      (a, b) => tf.stack([a, b, a], -1),
      {},
      [
        [2, 3],
        [2, 3],
      ],
      [[1], [1]],
    ),
  ],
  PadV2: [
    ...on((x) => tf.pad(x, [[1, 2]]), {}, [[3]], [[1]], [[0]]),
    ...on(
      (x) =>
        tf.pad(
          tf.transpose(x),
          [
            [0, 1],
            [2, 0],
          ],
          0.5,
        ),
      {},
      [[2, 3]],
    ),
  ],
  SplitV: [
    ...on((x) => tf.split(x, 2), {}, [[4]], [[2, 3]]),
    ...on((x) => tf.split(x, [1, 0, 2], 1), {}, [[2, 3]]),
    ...on((x) => tf.split(x, 3, -1), {}, [[1, 3]]),
    ...on((x) => tf.split(x, 1), {}, [[3]]),
  ],
  Tile: [
    ...on((x) => tf.tile(x, [3]), {}, [[2]], [[1]]),
    ...on((x) => tf.tile(x, [2, 1]), {}, [[1, 3]], [[2, 2]]),
    ...on((x) => tf.tile(tf.transpose(x), [1, 2]), {}, [[2, 3]]),
  ],
  Unpack: [...on((x) => tf.unstack(x), {}, [[3]], [[2, 3]]), ...on((x) => tf.unstack(x, -1), {}, [[2, 3]], [[2, 1]])],

  // creation
  Fill: ofOne((x) => tf.add(x, tf.fill([2, 1, 1, 1], 0.1))),
  ZerosLike: ofOne((x) => tf.add(x, tf.zerosLike(x))),
  OnesLike: ofOne((x) => tf.mul(x, tf.add(tf.onesLike(x), x))),
  Range: on((x) => tf.mul(x, tf.range(1, 6, 2)), {}, [[]], [[3]], [[2, 1]]),
  LinSpace: on((x) => tf.mul(x, tf.linspace(0, 1, 3)), {}, [[]], [[3]]),
  OneHot: [
    ...on((x) => tf.mul(tf.cast(tf.oneHot(integers([2, 0, 1, 2]), 3), 'float32'), x), {}, [[3]], [[]]),
    ...on((x) => tf.mul(tf.cast(tf.oneHot(integers([1]), 2, 5, -1), 'float32'), x), {}, [[2]]),
  ],

  // elementwise, one argument
  Abs: ofOne((x) => tf.abs(x)),
  Acos: ofOne((x) => tf.acos(x), { between: [-0.9, 0.9] }),
  Acosh: ofOne((x) => tf.acosh(x), { between: [1.2, 4] }),
  Asin: ofOne((x) => tf.asin(x), { between: [-0.9, 0.9] }),
  Asinh: ofOne((x) => tf.asinh(x), positive),
  Atan: ofOne((x) => tf.atan(x)),
  Atanh: ofOne((x) => tf.atanh(x), { between: [-0.9, 0.9] }),
  Ceil: ofOne((x) => tf.ceil(x)),
  Cos: ofOne((x) => tf.cos(x)),
  Cosh: ofOne((x) => tf.cosh(x)),
  Elu: ofOne((x) => tf.elu(x)),
  Erf: ofOne((x) => tf.erf(x)),
  Exp: ofOne((x) => tf.exp(x)),
  Expm1: ofOne((x) => tf.expm1(x)),
  Floor: ofOne((x) => tf.floor(x)),
  Log: ofOne((x) => tf.log(x), positive),
  Log1p: ofOne((x) => tf.log1p(x), positive),
  Neg: ofOne((x) => tf.neg(x)),
  Reciprocal: ofOne((x) => tf.reciprocal(x), positive),
  Relu: ofOne((x) => tf.relu(x)),
  Relu6: ofOne((x) => tf.relu6(x), { between: [-2, 9] }),
  Round: [
    ...ofOne((x) => tf.round(x)),
    ...on((x) => tf.round(tf.add(x, tf.tensor1d([-1.5, -0.5, 0.5, 1.5, 2.5]))), {}, [[0, 5]]),
  ],
  Rsqrt: ofOne((x) => tf.rsqrt(x), positive),
  Selu: ofOne((x) => tf.selu(x)),
  Sigmoid: ofOne((x) => tf.sigmoid(x)),
  Sign: ofOne((x) => tf.sign(x)),
  Sin: ofOne((x) => tf.sin(x)),
  Sinh: ofOne((x) => tf.sinh(x)),
  Softplus: [...ofOne((x) => tf.softplus(x)), ...ofOne((x) => tf.softplus(x), { between: [-30, 30] })],
  Sqrt: ofOne((x) => tf.sqrt(x), positive),
  Square: ofOne((x) => tf.square(x)),
  Tan: ofOne((x) => tf.tan(x), { between: [-1.2, 1.2] }),
  Tanh: ofOne((x) => tf.tanh(x)),
  PooliteDigamma: ofOne((x) => digamma(x), { between: [1.6, 8] }),
  PooliteLogGamma: ofOne((x) => logGamma(x), { between: [2.2, 8] }),
  PooliteTrigamma: ofOne((x) => digamma(x), { between: [1.6, 8] }),
  PooliteTetragamma: ofOne((x) => trigamma(x), { between: [1.6, 8] }),
  PooliteErfc: ofOne((x) => erfc(x)),
  PooliteNormalCdf: ofOne((x) => normalCdf(x)),
  PooliteLogNormalCdf: ofOne((x) => logNormalCdf(x)),
  PooliteInverseMillsRatio: ofOne((x) => inverseMillsRatio(x)),
  PooliteNormalQuantile: ofOne((x) => normalQuantile(x), { between: [0.05, 0.95] }),
  PooliteLogOneMinusExp: ofOne((x) => logOneMinusExp(x), { between: [-3, -0.1] }),
  PooliteLogAddExp: ofTwo((a, b) => logAddExp(a, b)),
  Step: [...ofOne((x) => tf.step(x)), ...ofOne((x) => tf.step(x, 0.25))],
  LeakyRelu: ofOne((x) => tf.leakyRelu(x, 0.3)),
  ClipByValue: ofOne((x) => tf.clipByValue(x, -0.7, 1.1)),
  Cast: [
    ...ofOne((x) => tf.cast(isPositive(x), 'float32')),
    ...on((x) => tf.cast(tf.cast(x, 'int32'), 'float32'), withoutGradient, [[]], [[6]]),
    ...on((x) => tf.cast(tf.cast(tf.mul(x, tf.tensor1d([0, 1])), 'bool'), 'int32'), withoutGradient, [[2]]),
  ],
  IsFinite: [
    ...ofOne((x) => tf.where(tf.isFinite(x), tf.square(x), x)),
    ...on((x) => tf.isFinite(tf.log(tf.relu(x))), withoutGradient, [[6]]),
  ],
  IsInf: [
    ...ofOne((x) => tf.where(tf.isInf(x), x, tf.square(x))),
    ...on((x) => tf.isInf(tf.log(tf.relu(x))), withoutGradient, [[6]]),
  ],
  IsNan: [...ofOne((x) => tf.where(tf.isNaN(x), x, tf.square(x))), ...on((x) => tf.isNaN(tf.sqrt(x)), withoutGradient, [[6]])],
  LogicalNot: ofOne((x) => tf.where(tf.logicalNot(isPositive(x)), x, tf.square(x))),

  // elementwise, two and more
  Add: ofTwo((a, b) => tf.add(a, b)),
  Atan2: ofTwo((a, b) => tf.atan2(a, b), positive),
  FloorDiv: [
    ...ofTwo((a, b) => tf.floorDiv(a, b), { ...positive, ...withoutGradient }),
    ...ofTwo((a, b) => tf.floorDiv(tf.add(a, 5.5), tf.add(b, 3)), { between: [0.1, 0.4] }),
    ...on((x) => tf.mul(tf.cast(tf.floorDiv(integers([7, -7]), integers([2])), 'float32'), x), {}, [[]]),
  ],
  Maximum: ofTwo((a, b) => tf.maximum(a, b)),
  Minimum: ofTwo((a, b) => tf.minimum(a, b)),
  Mod: [
    ...ofTwo((a, b) => tf.mod(a, b), positive),
    ...on((a) => tf.mod(a, 0.75), {}, [[7]]),
    ...on((a) => tf.mod(a, -0.75), {}, [[7]]),
  ],
  Multiply: ofTwo((a, b) => tf.mul(a, b)),
  Pow: [...ofTwo((a, b) => tf.pow(a, b), positive), ...on((a) => tf.pow(a, 3), {}, [[5]])],
  RealDiv: ofTwo((a, b) => tf.div(a, b), positive),
  SquaredDifference: ofTwo((a, b) => tf.squaredDifference(a, b)),
  Sub: ofTwo((a, b) => tf.sub(a, b)),
  Equal: ofTwo((a, b) => tf.add(tf.cast(tf.equal(a, b), 'float32'), a)),
  Greater: chosen((a, b) => tf.where(tf.greater(a, b), tf.mul(a, 3), tf.square(b))),
  GreaterEqual: chosen((a, b) => tf.where(tf.greaterEqual(a, b), tf.mul(a, 3), tf.square(b))),
  Less: chosen((a, b) => tf.where(tf.less(a, b), tf.mul(a, 3), tf.square(b))),
  LessEqual: chosen((a, b) => tf.where(tf.lessEqual(a, b), tf.mul(a, 3), tf.square(b))),
  LogicalAnd: chosen((a, b) => tf.where(tf.logicalAnd(isPositive(a), isPositive(b)), tf.mul(a, b), a)),
  LogicalOr: chosen((a, b) => tf.where(tf.logicalOr(isPositive(a), isPositive(b)), tf.mul(a, b), a)),
  NotEqual: ofTwo((a, b) => tf.add(tf.cast(tf.notEqual(a, b), 'float32'), a)),
  AddN: [
    ...on(
      (a, b) => tf.addN([a, b, a]),
      {},
      [[], []],
      [[3], [3]],
      [
        [2, 1],
        [2, 1],
      ],
      [[0], [0]],
    ),
    ...on((a) => tf.addN([a]), {}, [[3]]),
  ],
  Select: [
    ...chosen((a, b) => tf.where(isPositive(a), a, b)),
    ...on((a, b) => tf.where(tf.tensor1d([true, false, true], 'bool'), a, b), {}, [[3], [3]], [[], [3]]),
  ],
  EluGrad: ofOne((x) => tf.elu(x)),
  Prelu: [...on((x, alpha) => tf.prelu(x, alpha), {}, [[3], [3]], [[2, 3], [3]], [[4], [1]])],

  // indexing
  GatherV2: [
    ...on((x) => tf.gather(x, integers([2, 0, 2])), {}, [[3]], [[3, 2]], [[4, 1]]),
    ...on((x) => tf.gather(x, integers([1, 1]), 1), {}, [[3, 2]], [[2, 3, 2]]),
    ...on(
      (x) =>
        tf.gather(
          tf.transpose(x),
          integers([
            [0, 1],
            [1, 0],
          ]),
          -1,
        ),
      {},
      [[2, 3]],
    ),
    ...on((x) => tf.gather(x, tf.scalar(1, 'int32')), {}, [[3]], [[2, 3]]),
    ...on((x) => tf.gather(x, integers([0, 1, 2])), {}, [[3]], [[3, 2]]),
    ...on((x) => tf.gather(x, integers([5, 3, 1]), 1), {}, [[2, 6, 2]]),
    ...on((x) => tf.gather(x, integers([0, 0, 0, 1, 1, 1])), {}, [[2]], [[3, 2]]),
    ...on((x) => tf.gather(tf.exp(x), tf.cast(tf.floor(tf.add(tf.abs(tf.reshape(x, [6])), 0.5)), 'int32')), {}, [[6]], [[6, 1]]),
  ],
  UnsortedSegmentSum: [
    ...on((x) => tf.unsortedSegmentSum(x, tf.tensor1d([0, 2, 0, 1], 'int32'), 3), {}, [[4]], [[4, 2]], [[4, 1, 2]]),
    ...on((x) => tf.unsortedSegmentSum(x, tf.tensor1d([-1, 2, 0, 1], 'int32'), 4), {}, [[4]], [[4, 2]]),
    ...on((x) => tf.unsortedSegmentSum(x, tf.tensor1d([0, 0, 1, 1], 'int32'), 3), {}, [[4]], [[4, 2]]),
    ...on((x) => tf.unsortedSegmentSum(x, tf.tensor1d([7, 5, 3, 1], 'int32'), 9), {}, [[4]], [[4, 2]]),
  ],
  Cumsum: [
    ...on((x) => tf.cumsum(x), {}, [[5]], [[3, 2]], [[1]]),
    ...on((x) => tf.cumsum(x, 1, true), {}, [[2, 3]], [[2, 3, 2]]),
    ...on((x) => tf.cumsum(tf.transpose(x), 0, false, true), {}, [[2, 3]]),
    ...on((x) => tf.cumsum(x, -1, true, true), { eagerFault: 'returns an empty tensor for a negative axis' }, [[4]], [[3, 1]]),
  ],
  Cumprod: cumulativeProducts(),
  PooliteCumulativeProductGradient: cumulativeProducts(),

  // linear algebra
  PooliteCholesky: on((x) => cholesky(definite(x)), {}, ...squares),
  PooliteCholeskyGradient: on((x) => cholesky(definite(x)), {}, ...squares),
  PooliteTriangularSolve: [false, true].flatMap((transpose) =>
    on(
      (l, b) => triangularSolve(lower(l), b, { transpose }),
      {},
      [
        [1, 1],
        [1, 2],
      ],
      [
        [3, 3],
        [3, 1],
      ],
      [
        [2, 3, 3],
        [2, 3, 2],
      ],
      [
        [3, 3],
        [2, 3, 2],
      ],
      [
        [2, 1, 3, 3],
        [3, 3, 2],
      ],
    ),
  ),
  PooliteMultivariateNormal: on(
    (r, x) => multivariateNormalLogProbability(r, definite(x)),
    {},
    [[1], [1, 1]],
    [[3], [3, 3]],
    [
      [2, 3],
      [2, 3, 3],
    ],
    [
      [2, 3],
      [3, 3],
    ],
    [[3], [2, 3, 3]],
    [
      [2, 1, 2],
      [3, 2, 2],
    ],
  ),
  BatchMatMul: [
    ...on(
      (a, b) => tf.matMul(a, b),
      {},
      [
        [1, 1],
        [1, 1],
      ],
      [
        [2, 3],
        [3, 4],
      ],
      [
        [1, 3],
        [3, 1],
      ],
      [
        [2, 2, 3],
        [2, 3, 1],
      ],
      [
        [2, 2, 3],
        [3, 2],
      ],
      [
        [1, 2, 3],
        [4, 3, 2],
      ],
      [
        [2, 0],
        [0, 3],
      ],
    ),
    ...on(
      (a, b) => tf.matMul(a, b),
      { eagerFault: 'fills only part of the product when the batch axes of both operands stretch' },
      [
        [2, 1, 2, 3],
        [3, 3, 2],
      ],
    ),
    ...on(
      (a, b) => tf.matMul(a, b, true),
      {},
      [
        [3, 2],
        [3, 4],
      ],
      [
        [3, 2],
        [4, 3, 2],
      ],
    ),
    ...on(
      (a, b) => tf.matMul(a, b, false, true),
      {},
      [
        [2, 3],
        [4, 3],
      ],
      [
        [2, 2, 3],
        [1, 4, 3],
      ],
    ),
    ...on(
      (a, b) => tf.matMul(a, b, true, true),
      {},
      [
        [3, 2],
        [4, 3],
      ],
      [
        [2, 3, 2],
        [4, 3],
      ],
    ),
    ...on(
      (a) =>
        tf.matMul(
          a,
          tf.tensor2d([
            [0.5, 0.25, 1],
            [2, -1, 0.75],
          ]),
        ),
      {},
      [[3, 2]],
      [[4, 1, 2]],
    ),
    ...on(
      (a) =>
        tf.matMul(
          tf.tensor2d([
            [0.5, 0.25, 1],
            [2, -1, 0.75],
          ]),
          a,
          true,
        ),
      {},
      [[2, 3]],
      [[4, 2, 1]],
    ),
  ],

  // reduction
  All: on((x) => tf.all(isPositive(x)), withoutGradient, [[4]], [[1]], [[2, 3]]),
  Any: on((x) => tf.any(isPositive(x), 0), withoutGradient, [[4]], [[2, 3]]),
  Max: reductions((x, axis, keepDims) => tf.max(x, axis, keepDims)),
  Min: reductions((x, axis, keepDims) => tf.min(x, axis, keepDims)),
  Mean: [
    ...reductions((x, axis, keepDims) => tf.mean(x, axis, keepDims)),
    ...on((x) => tf.mean(tf.matMul(x, x), 0), {}, [[3, 3]]),
  ],
  Prod: [
    ...reductions((x, axis, keepDims) => tf.prod(x, axis, keepDims)),
    ...on((x) => tf.prod(tf.tile(x, [3, 1]), 0), {}, [[1, 2]]),
  ],
  Sum: [
    ...reductions((x, axis, keepDims) => tf.sum(x, axis, keepDims)),
    ...on((x) => tf.logSoftmax(x), { between: [-60, 60] }, [[1]], [[4]], [[2, 3]]),
    ...on((x) => tf.logSumExp(x, -1), { between: [-60, 60] }, [[1]], [[2, 3]]),
    ...on((x) => tf.sum(x, 0), {}, [[0]], [[0, 3]], [[3, 0]]),
    ...on((x) => tf.sum(tf.tile(x, [3, 1])), {}, [[1, 2]]),
    ...on((x) => tf.sum(tf.mul(tf.reshape(x, [4, 1]), tf.reshape(x, [1, 4])), 0), {}, [[4]]),
  ],
  Softmax: [
    ...on((x) => tf.softmax(x), {}, [[1]], [[4]], [[2, 3]], [[2, 3, 2]]),
    ...on((x) => tf.softmax(x), { between: [-60, 60] }, [[4]]),
  ],
}
