import { describe, expect, it } from 'vitest'
import { exponentialTable } from '../../../../src/engine/webassembly/math/tables/exponential-table.js'
import {
  type Extended,
  exponentialOfSmall,
  logarithmOnePlus,
  over,
  plus,
  powers,
  times,
} from '../../../../src/engine/webassembly/math/tables/extended-arithmetic.js'
import { logarithmTable } from '../../../../src/engine/webassembly/math/tables/logarithm-table.js'
import {
  hyperbolicTangentTable,
  sigmoidTable,
  softplusTable,
} from '../../../../src/engine/webassembly/math/tables/logistic-tables.js'
import type { Table } from '../../../../src/engine/webassembly/math/tables/table.js'
import { twoOverPiTables } from '../../../../src/engine/webassembly/math/tables/two-over-pi-table.js'

/** A hundred or more roundings at 2^-104. */
const EXTENDED = 2 ** -92

const entry = (table: Table, index: number): Extended => {
  const at = 2 * ((index + table.pairCount) % table.pairCount)
  return [table.values()[at], table.values()[at + 1]]
}
const difference = (a: Extended, b: Extended): number => Math.abs(plus(a, [-b[0], -b[1]])[0])
const negative = ([high, low]: Extended): Extended => [-high, -low]
const indices = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index)

describe('arithmetic of about 106 bits', () => {
  it('knows e, log 2 and a third to 30 digits', () => {
    // The rest of each constant beyond its rounded value, by mpmath 1.3.0.
    const e = powers(exponentialOfSmall([1 / 16, 0]), 17)[16]
    expect(difference(e, [Math.E, 1.4456468917292502e-16])).toBeLessThan(EXTENDED)
    expect(difference(logarithmOnePlus([1, 0]), [Math.LN2, 2.3190468138462996e-17])).toBeLessThan(EXTENDED)
    expect(difference(times(over([1, 0], [3, 0]), [3, 0]), [1, 0])).toBeLessThan(EXTENDED)
  })
  it('negative control: a rounded constant is told from the constant', () => {
    expect(difference(logarithmOnePlus([1, 0]), [Math.LN2, 0])).toBeGreaterThan(EXTENDED)
  })
})

describe('the tables of the logistic functions', () => {
  it('have sigmoids that sum to 1 with their mirror images and are 1/2 at 0', () => {
    for (const j of indices(0, 512))
      expect(difference(plus(entry(sigmoidTable, j), entry(sigmoidTable, -j)), [1, 0])).toBeLessThan(EXTENDED)
    expect(entry(sigmoidTable, 0)).toEqual([0.5, 0])
  })
  it('have the sigmoids of multiples of 1/16, those of negative numbers too, to rounding', () => {
    for (const j of indices(-512, 512)) {
      const expected = 1 / (1 + Math.exp(-j / 16))
      expect(Math.abs(entry(sigmoidTable, j)[0] - expected)).toBeLessThan(4 * 2 ** -53 * expected)
    }
  })
  it('have softplus values that differ from their mirror images by x, and whose exponential is 1 / (1 - sigmoid)', () => {
    for (const j of indices(1, 512)) {
      const [right, left] = [entry(softplusTable, j), entry(softplusTable, -j)]
      expect(difference(plus(right, negative(left)), [j / 16, 0])).toBeLessThan(32 * EXTENDED)
      expect(Math.abs(left[0] + Math.log1p(-entry(sigmoidTable, -j)[0]))).toBeLessThan(4 * 2 ** -53 * left[0])
    }
  })
  it('have tanh(x) = 2 sigmoid(2 x) - 1', () => {
    for (const j of indices(0, 512)) {
      const [high, low] = entry(sigmoidTable, j)
      expect(difference(plus([2 * high, 2 * low], [-1, 0]), entry(hyperbolicTangentTable, j))).toBeLessThan(EXTENDED)
    }
  })
})

describe('the tables of exponentials and logarithms', () => {
  const bitsOf = (value: number) => new BigUint64Array(Float64Array.of(value).buffer)[0]
  const fromBits = (bits: bigint) => new Float64Array(BigUint64Array.of(bits).buffer)[0]
  it('have 2^(j/256) once j steps are added to the exponent, with its rounding error, which squares to that of 2 j', () => {
    const power = (j: number): Extended => {
      const [lowered, relative] = entry(exponentialTable, j)
      const high = fromBits(bitsOf(lowered) + (BigInt(j) << 44n))
      return [high, relative * high]
    }
    for (const j of indices(0, 128)) expect(difference(times(power(j), power(j)), power(2 * j))).toBeLessThan(EXTENDED)
    for (const j of indices(0, 256)) expect(Math.abs(power(j)[0] - 2 ** (j / 256))).toBeLessThan(2 ** -51)
  })
  it('have logarithms of which that of a product is the sum, the upper parts multiples of 2^-42', () => {
    for (const j of indices(1, 63)) {
      // (1 + j/128) (1 - j/128) = 1 - (j/128)^2.
      const sum = plus(entry(logarithmTable, j), entry(logarithmTable, -j))
      const square = (j / 128) ** 2
      const expected = negative(logarithmOnePlus(over([square, 0], [1 - square, 0])))
      expect(difference(sum, expected)).toBeLessThan(EXTENDED)
    }
    for (const j of indices(-64, 64)) expect(Number.isInteger(entry(logarithmTable, j)[0] * 2 ** 42)).toBe(true)
  })
})

describe('the digits of 2 / pi', () => {
  it('give pi/2 back in the first block, and the same digits 16 places on in the next', () => {
    const blockOf = (block: number) => twoOverPiTables.flatMap((table) => [...entry(table, block)])
    const total = (parts: readonly number[]) => parts.reduceRight<Extended>((sum, part) => plus(sum, [part, 0]), [0, 0])
    expect(difference(times(total(blockOf(0)), [Math.PI / 2, 6.123233995736766e-17]), [1, 0])).toBeLessThan(EXTENDED)
    for (const block of indices(1, 3)) {
      const moved = times(total(blockOf(block - 1)), [2 ** 16, 0])
      expect(difference(moved, total(blockOf(block)))).toBeLessThan(2 ** 16 * EXTENDED * 2 ** (16 * block - 16))
    }
  })
})
