import { readFileSync } from 'node:fs'

/** Made by reference/make-reference.py, which explains the arrays; all are `[point]`. */
export interface Reference {
  readonly x: readonly number[]
  /** For functions of two numbers. */
  readonly y?: readonly number[]
  readonly value: readonly number[]
  readonly fraction: readonly number[]
}

export interface UlpSummary {
  readonly points: number
  readonly maxUlp: number
  readonly at: string
  /** Share of results that are the correctly rounded value. */
  readonly correctlyRounded: number
}

type ScalarFunction = (...operands: readonly number[]) => number

/** The arguments of the function, point by point. */
export function operandsOf({ x, y }: Reference): (readonly number[])[] {
  return x.map((first, index) => (y ? [first, y[index]] : [first]))
}

export function readReference(key: string): Reference {
  return JSON.parse(readFileSync(new URL(`reference/${kebabCase(key)}.json`, import.meta.url), 'utf8')) as Reference
}

/** Errors against the true values, in units of the last place of the correctly rounded ones. NaN counts as an infinite error. */
export function ulpErrors(evaluate: ScalarFunction, reference: Reference): number[] {
  const { value, fraction } = reference
  return operandsOf(reference).map((operands, index) => {
    const error = Math.abs((evaluate(...operands) - value[index]) / unitInLastPlace(value[index]) - fraction[index])
    return Number.isNaN(error) ? Infinity : error
  })
}

export function summarise(evaluate: ScalarFunction, reference: Reference): UlpSummary {
  const errors = ulpErrors(evaluate, reference)
  const worst = errors.reduce((best, error, index) => (error > errors[best] ? index : best), 0)
  const operands = operandsOf(reference)
  const exact = operands.filter((point, index) => evaluate(...point) === reference.value[index]).length
  return { points: errors.length, maxUlp: errors[worst], at: operands[worst].join(), correctlyRounded: exact / errors.length }
}

/** 2^-1074 for subnormal numbers. */
export function unitInLastPlace(value: number): number {
  const bits = new BigUint64Array(Float64Array.of(Math.abs(value)).buffer)[0]
  return 2 ** (Math.max(Number(bits >> 52n), 1) - 1075)
}

function kebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
