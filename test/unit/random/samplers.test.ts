import { describe, expect, it } from 'vitest'
import { UsageError } from '../../../src/errors/usage-error.js'
import { drawBernoulli } from '../../../src/random/bernoulli.js'
import { drawCategorical } from '../../../src/random/categorical.js'
import { fillNormal } from '../../../src/random/fill-normal.js'
import { drawInteger } from '../../../src/random/integer.js'
import { drawPermutation } from '../../../src/random/permutation.js'
import { standardNormal } from '../../../src/random/standard-normal.js'
import { stream } from '../../../src/random/stream.js'
import { drawWithoutReplacement } from '../../../src/random/without-replacement.js'

const COUNT = 20_000

/** Whether counts differ from their expectations by more than chi-squared at level 1e-4 allows (Wilson and Hilferty 1931). */
function isRejected(counts: readonly number[], probabilities: readonly number[]): boolean {
  const total = counts.reduce((a, b) => a + b)
  const statistic = counts.reduce(
    (sum, count, i) => sum + (count - total * probabilities[i]) ** 2 / (total * probabilities[i]),
    0,
  )
  const degreesOfFreedom = counts.length - 1
  const spread = 2 / (9 * degreesOfFreedom)
  return statistic > degreesOfFreedom * (1 - spread + 3.719 * Math.sqrt(spread)) ** 3
}

function counts(categoryCount: number, draw: () => number): number[] {
  const found = new Array<number>(categoryCount).fill(0)
  for (let i = 0; i < COUNT; i++) found[draw()]++
  return found
}

describe('drawCategorical', () => {
  it('draws in proportion to weights that need not sum to 1, and never a category of weight 0', () => {
    const source = stream(1, 'categorical')
    const found = counts(4, () => drawCategorical(source, [2, 0, 5, 1]))
    expect(found[1]).toBe(0)
    const positive = [found[0], found[2], found[3]]
    expect(isRejected(positive, [2 / 8, 5 / 8, 1 / 8])).toBe(false)
    expect(isRejected(positive, [2.2 / 8, 4.8 / 8, 1 / 8])).toBe(true)
  })

  it.each([[[0, 0]], [[1, -1]], [[1, Number.NaN]], [[]]])('refuses the weights %j', (weights) => {
    expect(() => drawCategorical(stream(1), weights)).toThrow(UsageError)
  })
})

describe('drawBernoulli', () => {
  it('is 1 with its probability', () => {
    const source = stream(1, 'bernoulli')
    const found = counts(2, () => drawBernoulli(source, 0.3))
    expect(isRejected(found, [0.7, 0.3])).toBe(false)
    expect(isRejected(found, [0.675, 0.325])).toBe(true)
  })

  it('is certain at 0 and 1', () => {
    expect(new Set(Array.from({ length: 100 }, (_, i) => drawBernoulli(stream(i), 0)))).toEqual(new Set([0]))
    expect(new Set(Array.from({ length: 100 }, (_, i) => drawBernoulli(stream(i), 1)))).toEqual(new Set([1]))
  })
})

describe('drawInteger', () => {
  it('is uniform below its count', () => {
    const source = stream(1, 'integer')
    const found = counts(7, () => drawInteger(source, 7))
    expect(isRejected(found, new Array(7).fill(1 / 7))).toBe(false)
    expect(isRejected(found, [1.15 / 7, 0.85 / 7, ...new Array<number>(5).fill(1 / 7)])).toBe(true)
  })

  it('stays below its count for the largest uniform', () => {
    const largest = { uniform: () => 1 - 2 ** -53 }
    for (const count of [1, 2, 3, 1000, 2 ** 31 - 1]) expect(drawInteger(largest, count)).toBe(count - 1)
  })
})

describe('drawPermutation', () => {
  it('gives each of the 24 orders of 4 equally often', () => {
    const source = stream(1, 'permutation')
    const orders = permutationsOf([0, 1, 2, 3]).map(String)
    const found = counts(24, () => orders.indexOf(String(Array.from(drawPermutation(source, 4)))))
    expect(isRejected(found, new Array(24).fill(1 / 24))).toBe(false)
    expect(isRejected(found, [2 / 24, 0.01 / 24, 0.99 / 24, ...new Array<number>(21).fill(1 / 24)])).toBe(true)
  })
})

describe('drawWithoutReplacement', () => {
  it('gives each ordered pair out of 4 equally often', () => {
    const source = stream(1, 'pairs')
    const pairs = [0, 1, 2, 3].flatMap((a) => [0, 1, 2, 3].filter((b) => b !== a).map((b) => `${a},${b}`))
    const found = counts(12, () => pairs.indexOf(String(Array.from(drawWithoutReplacement(source, 4, 2)))))
    expect(isRejected(found, new Array(12).fill(1 / 12))).toBe(false)
    expect(isRejected(found, [1.3 / 12, 0.7 / 12, ...new Array<number>(10).fill(1 / 12)])).toBe(true)
  })

  it('refuses more than there are', () => {
    expect(() => drawWithoutReplacement(stream(1), 3, 4)).toThrow(UsageError)
  })
})

describe('standardNormal', () => {
  it('keeps nothing between calls: the stream alone decides the next draw', () => {
    const source = stream(5, 'normal')
    standardNormal(source)
    const other = stream(5, 'normal')
    other.uniform()
    expect(standardNormal(source)).toBe(standardNormal(other))
  })

  it('is finite at the ends of the stream', () => {
    expect(standardNormal({ uniform: () => 2 ** -53 })).toBeGreaterThan(-8.3)
    expect(standardNormal({ uniform: () => 1 - 2 ** -53 })).toBeLessThan(8.3)
  })
})

describe('fillNormal', () => {
  it('gives in order what standardNormal gives one by one', () => {
    const source = stream(6, 'fill')
    const single = stream(6, 'fill')
    expect(fillNormal(source, new Float64Array(5))).toEqual(Float64Array.from({ length: 5 }, () => standardNormal(single)))
  })
})

function permutationsOf(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]]
  return items.flatMap((item) => permutationsOf(items.filter((other) => other !== item)).map((rest) => [item, ...rest]))
}
