import { describe, expect, it } from 'vitest'
import { mathFunctions } from '../../../../src/engine/webassembly/math/math-functions.js'
import { instantiate, instantiateScalar } from './evaluate.js'
import { COEFFICIENT, MAX_ULP, SPECIAL_VALUES } from './math-function-cases.js'
import { operandsOf, readReference, summarise, type UlpSummary, unitInLastPlace } from './ulp.js'

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
  trigamma: [
    [-1e-10, 1e20],
    [-0.5, 8.934802200544679],
    [-1.5, 9.379246644989124],
    [-2.3, 14.725912160961292],
    [-10.7, 14.99018713906938],
    [-100.25, 19.729283325349364],
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
  const evaluate = instantiateScalar(mathFunctions[name])
  const reference = readReference(name)
  const { parameterCount } = mathFunctions[name]
  const undefinedResult = [...new Array(parameterCount).fill(Number.NaN), Number.NaN]
  const specialValues = [...SPECIAL_VALUES[name], undefinedResult]
  const specialPoints = specialValues.map((values) => values.slice(0, -1))
  const some = (count: number) => {
    const every = Math.ceil(reference.x.length / count)
    return [...specialPoints, ...operandsOf(reference).filter((_, index) => index % every === 0)]
  }
  const inBothLanes = (first: readonly number[], second: readonly number[]) =>
    first.map((value, index) => [value, second[index]] as const)

  it('stays within its bound of the true values over the whole range', () => {
    expect(summarise(evaluate, reference).maxUlp).toBeLessThanOrEqual(MAX_ULP[name])
  })

  it('gives the values that IEEE 754 and JavaScript ask at special arguments', () => {
    expect(specialPoints.map((operands) => [...operands, evaluate(...operands)])).toEqual(specialValues)
  })

  it('computes each lane as if it were alone, whatever stands in the other', () => {
    const pair = instantiate(mathFunctions[name])
    const points = some(24)
    const alone = points.map((operands) => evaluate(...operands))
    const pairs = points.flatMap((_, i) => points.map((_, j) => [i, j] as const))
    const wrong = pairs.filter(([i, j]) => {
      const [first, second] = pair(...inBothLanes(points[i], points[j]))
      return !Object.is(first, alone[i]) || !Object.is(second, alone[j])
    })
    expect(wrong).toEqual([])
  })

  it('gives the same where its body is written out as where it is called', () => {
    const called = instantiate(mathFunctions[name])
    const inlined = instantiate(mathFunctions[name], true)
    const points = some(70).map((operands) =>
      inBothLanes(
        operands,
        operands.map(() => 0.5),
      ),
    )
    expect(points.map((pairs) => inlined(...pairs))).toEqual(points.map((pairs) => called(...pairs)))
  })
})

describe.each(Object.entries(COEFFICIENT))('%s', (name, right) => {
  it('would leave its bound with a coefficient wrong in the eighth digit', () => {
    const { source } = mathFunctions[name]
    const perturbed = source.replaceAll(right, String(Number(right) * (1 + 1e-8)))
    expect(perturbed).not.toBe(source)
    const changed = instantiateScalar({ ...mathFunctions[name], source: perturbed })
    expect(summarise(changed, readReference(name)).maxUlp).toBeGreaterThan(MAX_ULP[name])
  })
})

describe.each(Object.keys(AT_NEGATIVE_ARGUMENTS))('%s of a negative number', (name) => {
  it.each(AT_NEGATIVE_ARGUMENTS[name])(
    'is right at %f to eight roundings of the largest term of the reflection formula',
    (x, expected) => {
      const largestTerm = Math.max(
        Math.abs(expected),
        Math.abs(instantiateScalar(mathFunctions[name])(-x)),
        Math.abs(1 / x),
        Math.PI,
      )
      expect(Math.abs(instantiateScalar(mathFunctions[name])(x) - expected)).toBeLessThanOrEqual(8 * 2 ** -53 * largestTerm)
    },
  )
})

describe('all functions', () => {
  it('are as accurate as this table says', () => {
    const table: Record<string, UlpSummary & { low: number; high: number }> = {}
    for (const name of names) {
      const { x } = readReference(name)
      table[name] = {
        ...summarise(instantiateScalar(mathFunctions[name]), readReference(name)),
        low: x[0],
        high: x[x.length - 1],
      }
    }
    console.table(table)
    expect(Object.keys(table)).toEqual(names)
  })

  it('go by the names under which they are found', () => {
    expect(Object.values(mathFunctions).map(({ name }) => name)).toEqual(names)
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
