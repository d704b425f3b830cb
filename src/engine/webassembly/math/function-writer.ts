import type { Table } from './tables/table.js'

/**
 * Writes one WebAssembly function of one or two f64x2 vectors as text: expressions are strings, `keep` stores one in a fresh local,
 * so that a function reads like the formula it computes. All helpers act on both lanes; a number stands for the vector that holds
 * it twice.
 */
export interface MathFunction {
  /** Called as `$name`. */
  readonly name: string
  readonly parameterCount: 1 | 2
  /** One `(func $name (param $x v128) (result v128) ...)`; a second parameter is `$y`. */
  readonly source: string
  /** Other functions that the source calls, each once. */
  readonly needs: readonly MathFunction[]
  /** What the source reads from memory, at `offset=$<table name>`, each once. */
  readonly tables: readonly Table[]
  /**
   * The body, to stand in another function: declare the locals (all v128), write the statements, use the value. `tag` makes the
   * names of the locals; two bodies of one function may share it, one after the other, as nothing is read before it is set.
   */
  inline(operands: readonly string[], tag: string): InlineBody
}

export interface InlineBody {
  readonly locals: readonly string[]
  readonly statements: readonly string[]
  readonly value: string
}

/** The text of an expression, or a number for the constant vector. */
export type Operand = string | number

export interface Writer {
  /** The first argument. */
  readonly x: string
  /** The second, of functions that have one. */
  readonly y: string
  /** Evaluates once, now: returns the local that holds the value. */
  keep(value: Operand): string
  /** Gives a kept local a new value. */
  assign(local: string, value: Operand): void
  /** Runs what `then` writes only if a lane of the mask is true. */
  ifAny(mask: string, then: () => void): void
  call(called: MathFunction, ...operands: readonly Operand[]): string
  /** The symbol for the table's address, which then is in memory. */
  addressOf(table: Table): string
}

export function mathFunction(
  name: string,
  write: (writer: Writer) => Operand,
  options: { readonly parameterCount?: 1 | 2 } = {},
): MathFunction {
  const { parameterCount = 1 } = options
  const parameters = ['$x', '$y'].slice(0, parameterCount)
  const { statements, localCount, result, needs, tables } = written(write)
  const locals = Array.from({ length: localCount }, (_, index) => `$v${index}`)
  const declared = (kind: string, names: readonly string[]) => names.map((one) => `(${kind} ${one} v128)`).join(' ')
  return {
    name,
    parameterCount,
    source: `(func $${name} ${declared('param', parameters)} (result v128) ${declared('local', locals)}\n${statements.join('\n')}\n${result})`,
    needs,
    tables,
    inline: (operands, tag) => {
      const renamed = (text: string) => text.replace(/\$(x|y|v\d+)\b/g, (_, local) => `$${tag}_${local}`)
      return {
        locals: [...parameters, ...locals].map(renamed),
        statements: [
          ...parameters.map((parameter, index) => `(local.set ${renamed(parameter)} ${operands[index]})`),
          ...statements.map(renamed),
        ],
        value: renamed(result),
      }
    },
  }
}

function written(write: (writer: Writer) => Operand) {
  const statements: string[] = []
  const needs = new Set<MathFunction>()
  const tables = new Set<Table>()
  let localCount = 0
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
  const call = (called: MathFunction, ...operands: readonly Operand[]) => {
    needs.add(called)
    return `(call $${called.name} ${operands.map(operand).join(' ')})`
  }
  const addressOf = (table: Table) => {
    tables.add(table)
    return `$${table.name}`
  }
  const result = operand(write({ x: '(local.get $x)', y: '(local.get $y)', keep, assign, ifAny, call, addressOf }))
  return { statements, localCount, result, needs: [...needs], tables: [...tables] }
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
export const squareRoot: Unary = instruction('f64x2.sqrt')
export const nearest: Unary = instruction('f64x2.nearest')
export const floor: Unary = instruction('f64x2.floor')
export const less: Binary = instruction('f64x2.lt')
export const greater: Binary = instruction('f64x2.gt')
export const atLeast: Binary = instruction('f64x2.ge')
export const equal: Binary = instruction('f64x2.eq')
export const and: Binary = instruction('v128.and')
export const andNot: Binary = instruction('v128.andnot')
export const or: Binary = instruction('v128.or')
export const exclusiveOr: Binary = instruction('v128.xor')
export const not: Unary = instruction('v128.not')
export const addIntegers: Binary = instruction('i64x2.add')
export const subtractIntegers: Binary = instruction('i64x2.sub')
/** `limit` where a > limit; NaN stays. */
export const atMostLimit = (a: Operand, limit: Operand): string => instruction('f64x2.pmin')(a, limit)
/** `limit` where a < limit; NaN stays. */
export const atLeastLimit = (a: Operand, limit: Operand): string => instruction('f64x2.pmax')(a, limit)
/** a where the mask is true, b elsewhere. */
export const select = (mask: Operand, a: Operand, b: Operand): string => instruction('v128.bitselect')(a, b, mask)
export const shiftLeft = (a: Operand, bits: number): string => `(i64x2.shl ${operand(a)} (i32.const ${bits}))`
/** Fills with zeros. */
export const shiftRight = (a: Operand, bits: number): string => `(i64x2.shr_u ${operand(a)} (i32.const ${bits}))`
/** Fills with the leading bit. */
export const shiftRightSigned = (a: Operand, bits: number): string => `(i64x2.shr_s ${operand(a)} (i32.const ${bits}))`
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
