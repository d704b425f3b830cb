/**
 * Writes one WebAssembly function of one f64x2 vector as text: expressions are strings, `keep` stores one in a fresh local, so
 * that a function reads like the formula it computes. All helpers act on both lanes; a number stands for the vector that holds
 * it twice.
 */
export interface MathFunction {
  /** One `(func $name (param $x v128) (result v128) ...)`. */
  readonly source: string
  /** Other keys of `mathFunctions` that the source calls. */
  readonly needs: readonly string[]
}

/** The text of an expression, or a number for the constant vector. */
export type Operand = string | number

export interface Writer {
  /** The argument. */
  readonly x: string
  /** Evaluates once, now: returns the local that holds the value. */
  keep(value: Operand): string
  /** Gives a kept local a new value. */
  assign(local: string, value: Operand): void
  /** Runs what `then` writes only if a lane of the mask is true. */
  ifAny(mask: string, then: () => void): void
}

export function mathFunction(name: string, write: (writer: Writer) => Operand, needs: readonly string[] = []): MathFunction {
  const statements: string[] = []
  let localCount = 0
  const x = '(local.get $x)'
  const assign = (local: string, value: Operand) => {
    statements.push(`(local.set ${local.slice('(local.get '.length, -1)} ${operand(value)})`)
  }
  const keep = (value: Operand) => {
    const local = `(local.get $v${localCount++})`
    assign(local, value)
    return local
  }
  const ifAny = (mask: string, then: () => void) => {
    statements.push(`(if (v128.any_true ${mask}) (then`)
    then()
    statements.push('))')
  }
  const result = operand(write({ x, keep, assign, ifAny }))
  const locals = Array.from({ length: localCount }, (_, index) => `(local $v${index} v128)`).join(' ')
  return { source: `(func $${name} (param $x v128) (result v128) ${locals}\n${statements.join('\n')}\n${result})`, needs }
}

function operand(value: Operand): string {
  if (typeof value === 'string') return value
  const word = Number.isNaN(value)
    ? 'nan'
    : value === Infinity
      ? 'inf'
      : value === -Infinity
        ? '-inf'
        : Object.is(value, -0)
          ? '-0'
          : `${value}`
  return `(v128.const f64x2 ${word})`
}

const instruction =
  (name: string) =>
  (...operands: readonly Operand[]) =>
    `(${name} ${operands.map(operand).join(' ')})`

type Unary = (a: Operand) => string
type Binary = (a: Operand, b: Operand) => string

export const add: Binary = instruction('f64x2.add')
export const subtract: Binary = instruction('f64x2.sub')
export const multiply: Binary = instruction('f64x2.mul')
export const divide: Binary = instruction('f64x2.div')
export const negate: Unary = instruction('f64x2.neg')
export const absolute: Unary = instruction('f64x2.abs')
export const nearest: Unary = instruction('f64x2.nearest')
export const floor: Unary = instruction('f64x2.floor')
export const less: Binary = instruction('f64x2.lt')
export const greater: Binary = instruction('f64x2.gt')
export const atLeast: Binary = instruction('f64x2.ge')
export const equal: Binary = instruction('f64x2.eq')
export const and: Binary = instruction('v128.and')
export const andNot: Binary = instruction('v128.andnot')
export const or: Binary = instruction('v128.or')
export const not: Unary = instruction('v128.not')
export const addIntegers: Binary = instruction('i64x2.add')
/** `limit` where a > limit; NaN stays. */
export const atMostLimit = (a: Operand, limit: Operand): string => instruction('f64x2.pmin')(a, limit)
/** `limit` where a < limit; NaN stays. */
export const atLeastLimit = (a: Operand, limit: Operand): string => instruction('f64x2.pmax')(a, limit)
/** a where the mask is true, b elsewhere. */
export const select = (mask: Operand, a: Operand, b: Operand): string => instruction('v128.bitselect')(a, b, mask)
export const call = (name: string, a: Operand): string => `(call $${name} ${operand(a)})`
export const shiftLeft = (a: Operand, bits: number): string => `(i64x2.shl ${operand(a)} (i32.const ${bits}))`
/** Fills with zeros. */
export const shiftRight = (a: Operand, bits: number): string => `(i64x2.shr_u ${operand(a)} (i32.const ${bits}))`
/** Both lanes hold these 64 bits. */
export const bits = (pattern: bigint): string => `(v128.const i64x2 0x${pattern.toString(16)})`
export const SIGN_BIT = bits(1n << 63n)
/** The magnitude of a with the sign of b. */
export const withSignOf = (a: Operand, b: Operand): string => select(SIGN_BIT, b, a)

/** c[0] + c[1] t + c[2] t^2 + ... by Horner's rule; `t` is a local. */
export function polynomial(t: string, coefficients: readonly number[]): string {
  const higher = coefficients.slice(0, -1)
  return higher.reduceRight<string>(
    (sum, coefficient) => add(multiply(sum, t), coefficient),
    operand(coefficients[higher.length]),
  )
}
