/** Scalar functions as vector expressions over operands that may be repeated. What is missing here is a function of `mathFunctions` or of the host. */
type Expression = (a: string, b: string, c: string) => string

const one = '(v128.const f64x2 1)'
const zero = '(v128.const f64x2 0)'
const infinity = '(v128.const f64x2 inf)'
const signBit = '(v128.const i64x2 0x8000000000000000)'
const unary =
  (name: string): Expression =>
  (a) =>
    `(f64x2.${name} ${a})`
const binary =
  (name: string): Expression =>
  (a, b) =>
    `(f64x2.${name} ${a} ${b})`
const comparison =
  (name: string): Expression =>
  (a, b) =>
    `(v128.and (f64x2.${name} ${a} ${b}) ${one})`

export const inlineFunctions: Readonly<Record<string, Expression>> = {
  copy: (a) => a,
  negate: unary('neg'),
  absolute: unary('abs'),
  sign: (a) => `(v128.bitselect (v128.bitselect ${a} ${one} ${signBit}) ${a} (f64x2.gt (f64x2.abs ${a}) ${zero}))`,
  squareRoot: unary('sqrt'),
  reciprocalSquareRoot: (a) => `(f64x2.div ${one} (f64x2.sqrt ${a}))`,
  square: (a) => `(f64x2.mul ${a} ${a})`,
  reciprocal: (a) => `(f64x2.div ${one} ${a})`,
  floor: unary('floor'),
  ceiling: unary('ceil'),
  truncate: unary('trunc'),
  round: unary('nearest'),
  rectifiedLinear: (a) => `(f64x2.max ${a} ${zero})`,
  rectifiedLinear6: (a) => `(f64x2.min (f64x2.max ${a} ${zero}) (v128.const f64x2 6))`,
  isNotANumber: (a) => `(v128.and (f64x2.ne ${a} ${a}) ${one})`,
  isFinite: (a) => `(v128.and (f64x2.lt (f64x2.abs ${a}) ${infinity}) ${one})`,
  isInfinite: (a) => `(v128.and (f64x2.eq (f64x2.abs ${a}) ${infinity}) ${one})`,
  not: (a) => `(v128.and (f64x2.eq ${a} ${zero}) ${one})`,
  toBoolean: (a) => `(v128.and (f64x2.ne ${a} ${zero}) ${one})`,
  add: binary('add'),
  subtract: binary('sub'),
  multiply: binary('mul'),
  divide: binary('div'),
  maximum: binary('max'),
  minimum: binary('min'),
  squaredDifference: (a, b) => `(f64x2.mul (f64x2.sub ${a} ${b}) (f64x2.sub ${a} ${b}))`,
  divideNoNaN: (a, b) => `(v128.andnot (f64x2.div ${a} ${b}) (f64x2.eq ${b} ${zero}))`,
  floorDivide: (a, b) => `(f64x2.floor (f64x2.div ${a} ${b}))`,
  leakyRectifiedLinear: (a, b) => `(v128.bitselect ${a} (f64x2.mul ${a} ${b}) (f64x2.ge ${a} ${zero}))`,
  eluGradient: (a, b) => `(v128.bitselect ${a} (f64x2.mul ${a} (f64x2.add ${b} ${one})) (f64x2.ge ${b} ${zero}))`,
  step: (a, b) => `(v128.bitselect ${one} (v128.bitselect ${b} ${a} (f64x2.eq ${a} ${a})) (f64x2.gt ${a} ${zero}))`,
  greater: comparison('gt'),
  greaterOrEqual: comparison('ge'),
  less: comparison('lt'),
  lessOrEqual: comparison('le'),
  equal: comparison('eq'),
  notEqual: comparison('ne'),
  and: (a, b) => `(v128.and (v128.and (f64x2.ne ${a} ${zero}) (f64x2.ne ${b} ${zero})) ${one})`,
  or: (a, b) => `(v128.and (v128.or (f64x2.ne ${a} ${zero}) (f64x2.ne ${b} ${zero})) ${one})`,
  select: (a, b, c) => `(v128.bitselect ${b} ${c} (f64x2.ne ${a} ${zero}))`,
}

/** Reductions: identity, and combination of two vectors. */
export const reductions: Readonly<Record<string, { readonly identity: string; combine(total: string, next: string): string }>> = {
  sum: { identity: '0', combine: (total, next) => `(f64x2.add ${total} ${next})` },
  product: { identity: '1', combine: (total, next) => `(f64x2.mul ${total} ${next})` },
  maximum: { identity: '-inf', combine: (total, next) => `(f64x2.max ${total} ${next})` },
  minimum: { identity: 'inf', combine: (total, next) => `(f64x2.min ${total} ${next})` },
}
