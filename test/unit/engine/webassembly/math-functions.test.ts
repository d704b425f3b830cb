import { describe, expect, it } from 'vitest'
import { mathFunctions } from '../../../../src/engine/webassembly/math/math-functions.js'
import { instantiate, instantiateScalar } from './evaluate.js'
import { readReference, summarise, type UlpSummary, unitInLastPlace } from './ulp.js'

/** What each function promises over its whole range, in units of the last place. */
const MAX_ULP: Record<string, number> = {
  exponential: 1,
  exponentialMinusOne: 1,
  logarithm: 1,
  logarithmOnePlus: 1,
  hyperbolicTangent: 1,
  sigmoid: 1,
  softplus: 1,
  errorFunction: 1,
  errorFunctionComplement: 1.25,
  /** Two units are passed only between the zeros 1 and 2, where they are 3e-17 or less. */
  logGamma: 2.25,
  digamma: 2,
}

/** A coefficient of each function's approximation; changed by one part in 10^8, it must be noticed. */
const COEFFICIENT: Record<string, string> = {
  exponential: '-0.0027777777777015303',
  exponentialMinusOne: '-0.00277777777777726',
  logarithm: '0.39999999999414426',
  logarithmOnePlus: '0.39999999999414426',
  hyperbolicTangent: '-0.0027777777777015303',
  sigmoid: '-0.0027777777777015303',
  softplus: '0.39999999999414426',
  errorFunction: '-0.3761263890318375',
  errorFunctionComplement: '-0.14000918013761943',
  logGamma: '-0.06735230105319831',
  digamma: '-0.2607389546830014',
}

const SPECIAL_VALUES: Record<string, readonly (readonly [number, number])[]> = {
  exponential: [
    [0, 1],
    [-0, 1],
    [1, Math.E],
    [Infinity, Infinity],
    [-Infinity, 0],
    [5e-324, 1],
    [709.782712893384, 1.7976931348622732e308],
    [709.7827128933841, Infinity],
    [710, Infinity],
    [1e308, Infinity],
    [-745.1332191019411, 5e-324],
    [-745.1332191019412, 0],
    [-1e308, 0],
  ],
  exponentialMinusOne: [
    [0, 0],
    [-0, -0],
    [Infinity, Infinity],
    [-Infinity, -1],
    [5e-324, 5e-324],
    [-5e-324, -5e-324],
    [1e-300, 1e-300],
    [-1e-17, -1e-17],
    [710, Infinity],
    [-38, -1],
    [-1e308, -1],
  ],
  logarithm: [
    [1, 0],
    [0, -Infinity],
    [-0, -Infinity],
    [-1, Number.NaN],
    [-5e-324, Number.NaN],
    [-Infinity, Number.NaN],
    [Infinity, Infinity],
    [5e-324, -744.4400719213812],
    [Number.MAX_VALUE, 709.782712893384],
  ],
  logarithmOnePlus: [
    [0, 0],
    [-0, -0],
    [-1, -Infinity],
    [-1.0000000000000002, Number.NaN],
    [-Infinity, Number.NaN],
    [Infinity, Infinity],
    [5e-324, 5e-324],
    [-5e-324, -5e-324],
    [1e-300, 1e-300],
    [-1e-17, -1e-17],
    [Number.MAX_VALUE, 709.782712893384],
  ],
  hyperbolicTangent: [
    [0, 0],
    [-0, -0],
    [Infinity, 1],
    [-Infinity, -1],
    [5e-324, 5e-324],
    [-5e-324, -5e-324],
    [1e-300, 1e-300],
    [20, 1],
    [-1e308, -1],
  ],
  sigmoid: [
    [0, 0.5],
    [-0, 0.5],
    [Infinity, 1],
    [-Infinity, 0],
    [800, 1],
    [-745.1332191019411, 5e-324],
    [-800, 0],
  ],
  softplus: [
    [0, Math.LN2],
    [-0, Math.LN2],
    [Infinity, Infinity],
    [-Infinity, 0],
    [800, 800],
    [1e308, 1e308],
    [-745.1332191019411, 5e-324],
    [-800, 0],
  ],
  errorFunction: [
    [0, 0],
    [-0, -0],
    [Infinity, 1],
    [-Infinity, -1],
    [5e-324, 5e-324],
    [6, 1],
    [-1e308, -1],
  ],
  errorFunctionComplement: [
    [0, 1],
    [-0, 1],
    [Infinity, 0],
    [-Infinity, 2],
    [5e-324, 1],
    [27.2, 1e-323],
    [27.3, 0],
    [1e308, 0],
    [-6, 2],
  ],
  logGamma: [
    [1, 0],
    [2, 0],
    [3, Math.LN2],
    [0, Infinity],
    [-0, Infinity],
    [-1, Infinity],
    [-1e300, Infinity],
    [Infinity, Infinity],
    [5e-324, 744.4400719213812],
    [-5e-324, 744.4400719213812],
    [2.5599833278516383e305, Number.MAX_VALUE],
    [2.559983327851639e305, Infinity],
  ],
  digamma: [
    [1, -0.5772156649015329],
    [0, Number.NaN],
    [-0, Number.NaN],
    [-1, Number.NaN],
    [-1e300, Number.NaN],
    [Infinity, Infinity],
    [5e-324, -Infinity],
    [1e308, 709.1962086421661],
  ],
}

/** By mpmath 1.3.0 at 40 digits. */
const AT_NEGATIVE_ARGUMENTS: Record<string, readonly (readonly [number, number])[]> = {
  logGamma: [
    [-1e-10, 23.025850929998178],
    [-0.5, 1.2655121234846454],
    [-1.5, 0.860047015376481],
    [-2.3, 0.36956666345500805],
    [-10.7, -15.416789096416636],
    [-100.25, -363.4009232278215],
  ],
  digamma: [
    [-1e-10, 9999999999.422785],
    [-0.5, 0.03648997397857652],
    [-1.5, 0.7031566406452432],
    [-2.3, 3.3173231575618227],
    [-10.7, 0.13374481244706443],
    [-100.25, 7.754238959208646],
  ],
}

const names = Object.keys(mathFunctions)

describe.each(names)('%s', (name) => {
  const evaluate = instantiateScalar(name)
  const reference = readReference(name)

  it('stays within its bound of the true values over the whole range', () => {
    expect(summarise(evaluate, reference).maxUlp).toBeLessThanOrEqual(MAX_ULP[name])
  })

  it('gives the values that IEEE 754 and JavaScript ask at special arguments', () => {
    const expected = [...SPECIAL_VALUES[name], [Number.NaN, Number.NaN] as const]
    expect(expected.map(([x]) => [x, evaluate(x)])).toEqual(expected)
  })

  it('computes each lane as if it were alone, whatever stands in the other', () => {
    const pair = instantiate(name)
    const points = [...SPECIAL_VALUES[name].map(([x]) => x), Number.NaN, ...reference.x.filter((_, index) => index % 60 === 0)]
    const alone = points.map(evaluate)
    const pairs = points.flatMap((_, i) => points.map((_, j) => [i, j] as const))
    const wrong = pairs.filter(([i, j]) => {
      const [first, second] = pair(points[i], points[j])
      return !Object.is(first, alone[i]) || !Object.is(second, alone[j])
    })
    expect(wrong).toEqual([])
  })

  it('would leave its bound with a coefficient wrong in the eighth digit', () => {
    const { source, needs } = mathFunctions[name]
    const right = COEFFICIENT[name]
    const perturbed = source.replaceAll(right, String(Number(right) * (1 + 1e-8)))
    expect(perturbed).not.toBe(source)
    const changed = instantiateScalar(name, { ...mathFunctions, [name]: { source: perturbed, needs } })
    expect(summarise(changed, reference).maxUlp).toBeGreaterThan(MAX_ULP[name])
  })
})

describe.each(Object.keys(AT_NEGATIVE_ARGUMENTS))('%s of a negative number', (name) => {
  it.each(AT_NEGATIVE_ARGUMENTS[name])(
    'is right at %f to eight roundings of the largest term of the reflection formula',
    (x, expected) => {
      const largestTerm = Math.max(Math.abs(expected), Math.abs(instantiateScalar(name)(-x)), Math.abs(1 / x), Math.PI)
      expect(Math.abs(instantiateScalar(name)(x) - expected)).toBeLessThanOrEqual(8 * 2 ** -53 * largestTerm)
    },
  )
})

describe('all functions', () => {
  it('are as accurate as this table says', () => {
    const table: Record<string, UlpSummary & { low: number; high: number }> = {}
    for (const name of names) {
      const { x } = readReference(name)
      table[name] = { ...summarise(instantiateScalar(name), readReference(name)), low: x[0], high: x[x.length - 1] }
    }
    console.table(table)
    expect(Object.keys(table)).toEqual(names)
  })

  it('name only functions that exist among their needs', () => {
    for (const { needs } of Object.values(mathFunctions)) expect(names).toEqual(expect.arrayContaining([...needs]))
  })
})

describe('the unit in the last place', () => {
  it('is the distance to the next number away from zero', () => {
    expect([1, 1.9999999999999998, 2, 5e-324, 2.2250738585072014e-308, 1e-310].map(unitInLastPlace)).toEqual([
      2 ** -52,
      2 ** -52,
      2 ** -51,
      2 ** -1074,
      2 ** -1074,
      2 ** -1074,
    ])
  })
})
