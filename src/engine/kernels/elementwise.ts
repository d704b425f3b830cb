import type { GraphNode } from '../graph.js'
import type { GraphBuilder } from '../graph-builder.js'
import { broadcastShape } from '../shape.js'
import type { ElementType, KernelFamily, KernelRule } from './family.js'

const unary: Record<string, string> = {
  Abs: 'absolute',
  Acos: 'arccosine',
  Acosh: 'inverseHyperbolicCosine',
  Asin: 'arcsine',
  Asinh: 'inverseHyperbolicSine',
  Atan: 'arctangent',
  Atanh: 'inverseHyperbolicTangent',
  Ceil: 'ceiling',
  Cos: 'cosine',
  Cosh: 'hyperbolicCosine',
  Elu: 'exponentialLinear',
  Erf: 'errorFunction',
  Exp: 'exponential',
  Expm1: 'exponentialMinusOne',
  Floor: 'floor',
  Log: 'logarithm',
  Log1p: 'logarithmOnePlus',
  Neg: 'negate',
  Reciprocal: 'reciprocal',
  Relu: 'rectifiedLinear',
  Relu6: 'rectifiedLinear6',
  Round: 'round',
  Rsqrt: 'reciprocalSquareRoot',
  Selu: 'scaledExponentialLinear',
  Sigmoid: 'sigmoid',
  Sign: 'sign',
  Sin: 'sine',
  Sinh: 'hyperbolicSine',
  Softplus: 'softplus',
  Sqrt: 'squareRoot',
  Square: 'square',
  Tan: 'tangent',
  Tanh: 'hyperbolicTangent',
  PooliteDigamma: 'digamma',
  PooliteErfc: 'errorFunctionComplement',
  PooliteInverseMillsRatio: 'inverseMillsRatio',
  PooliteLogGamma: 'logGamma',
  PooliteLogNormalCdf: 'logNormalCdf',
  PooliteLogOneMinusExp: 'logOneMinusExp',
  PooliteNormalCdf: 'normalCdf',
  PooliteNormalQuantile: 'normalQuantile',
  PooliteTetragamma: 'tetragamma',
  PooliteTrigamma: 'trigamma',
}
const predicates: Record<string, string> = { IsFinite: 'isFinite', IsInf: 'isInfinite', IsNan: 'isNotANumber', LogicalNot: 'not' }
const binary: Record<string, string> = {
  Add: 'add',
  Atan2: 'arctangent2',
  FloorDiv: 'floorDivide',
  Maximum: 'maximum',
  Minimum: 'minimum',
  Mod: 'modulo',
  Multiply: 'multiply',
  PooliteLogAddExp: 'logAddExp',
  Pow: 'power',
  RealDiv: 'divide',
  SquaredDifference: 'squaredDifference',
  Sub: 'subtract',
}
const comparisons: Record<string, string> = {
  Equal: 'equal',
  Greater: 'greater',
  GreaterEqual: 'greaterOrEqual',
  Less: 'less',
  LessEqual: 'lessOrEqual',
  LogicalAnd: 'and',
  LogicalOr: 'or',
  NotEqual: 'notEqual',
}

function apply(builder: GraphBuilder, name: string, operands: readonly GraphNode[]): GraphNode {
  const shape = operands
    .map((operand) => operand.shape)
    .reduce((left, right) => broadcastShape(left, right) ?? mismatch(name, operands))
  return builder.map(
    name,
    operands.map((operand) => builder.broadcast(operand, shape)),
    shape,
  )
}

function mismatch(name: string, operands: readonly GraphNode[]): never {
  throw new RangeError(`shapes ${operands.map((operand) => `[${operand.shape}]`).join(' and ')} do not broadcast in "${name}"`)
}

const ruleOfOne =
  (name: string, type?: ElementType): KernelRule =>
  ({ builder, inputs }) => ({ node: apply(builder, name, [inputs.x.node]), type: type ?? inputs.x.type })

const ruleOfTwo =
  (name: string, type?: ElementType): KernelRule =>
  ({ builder, inputs }) => ({ node: apply(builder, name, [inputs.a.node, inputs.b.node]), type: type ?? inputs.a.type })

const rulesFrom = (names: Record<string, string>, rule: (name: string, type?: ElementType) => KernelRule, type?: ElementType) =>
  Object.fromEntries(Object.entries(names).map(([kernel, name]) => [kernel, rule(name, type)]))

const cast: KernelRule = ({ builder, inputs: { x }, attributes }) => {
  const type = attributes.dtype as ElementType
  const conversion = type === 'bool' ? 'toBoolean' : type === 'int32' && x.type === 'float32' ? 'truncate' : undefined
  return { node: conversion ? apply(builder, conversion, [x.node]) : x.node, type }
}

const addAll: KernelRule = ({ builder, inputs }) => {
  const [first, ...rest] = Object.values(inputs)
  return { node: rest.reduce((sum, next) => apply(builder, 'add', [sum, next.node]), first.node), type: first.type }
}

/** Elementwise functions of one, two and three tensors, with broadcasting. */
export const elementwise: KernelFamily = {
  rules: {
    ...rulesFrom(unary, ruleOfOne),
    ...rulesFrom(predicates, ruleOfOne, 'bool'),
    ...rulesFrom(binary, ruleOfTwo),
    ...rulesFrom(comparisons, ruleOfTwo, 'bool'),
    AddN: addAll,
    Cast: cast,
    Select: ({ builder, inputs: { condition, t, e } }) => ({
      node: apply(builder, 'select', [condition.node, t.node, e.node]),
      type: t.type,
    }),
    ClipByValue: ({ builder, inputs: { x }, attributes }) => {
      const low = builder.constant([attributes.clipValueMin as number], [])
      const high = builder.constant([attributes.clipValueMax as number], [])
      return { node: apply(builder, 'minimum', [apply(builder, 'maximum', [x.node, low]), high]), type: x.type }
    },
    EluGrad: ({ builder, inputs: { dy, y } }) => ({ node: apply(builder, 'eluGradient', [dy.node, y.node]), type: dy.type }),
    LeakyRelu: ({ builder, inputs: { x }, attributes }) => ({
      node: apply(builder, 'leakyRectifiedLinear', [x.node, builder.constant([attributes.alpha as number], [])]),
      type: x.type,
    }),
    Prelu: ({ builder, inputs: { x, alpha } }) => ({
      node: apply(builder, 'leakyRectifiedLinear', [x.node, alpha.node]),
      type: x.type,
    }),
    Step: ({ builder, inputs: { x }, attributes }) => ({
      node: apply(builder, 'step', [x.node, builder.constant([(attributes.alpha as number) ?? 0], [])]),
      type: x.type,
    }),
  },
}
