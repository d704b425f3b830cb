/** The few vector expressions that routines of linear algebra are made of. A number stands for the vector that holds it twice. */
import type { Index, Value } from '../call-kernel.js'

const operand = (value: Value | number): Value =>
  typeof value === 'string' ? value : `(v128.const f64x2 ${Number.isNaN(value) ? 'nan' : value})`
const binary = (name: string) => (a: Value | number, b: Value | number) => `(f64x2.${name} ${operand(a)} ${operand(b)})`

export const zero = operand(0)
export const add = binary('add')
export const subtract = binary('sub')
export const multiply = binary('mul')
export const divide = binary('div')

/** Positive numbers, NaN for all others. */
export const positive = (a: Value): Value => `(v128.bitselect ${a} ${operand(Number.NaN)} (f64x2.gt ${a} ${zero}))`

/** The square root of positive numbers, NaN of all others. */
export const positiveRoot = (a: Value): Value =>
  `(v128.bitselect (f64x2.sqrt ${a}) ${operand(Number.NaN)} (f64x2.gt ${a} ${zero}))`

export function after(index: Index): Index {
  return typeof index === 'number' ? index + 1 : { ...index, shift: index.shift + 1 }
}
