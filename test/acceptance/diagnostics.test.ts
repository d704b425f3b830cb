import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { effectiveSampleSize } from '../../diagnostics/convergence/primitives/effective-sample-size.js'
import { potentialScaleReduction } from '../../diagnostics/convergence/primitives/potential-scale-reduction.js'
import { type ConvergenceValues, convergenceValues } from './convergence-values.js'

const folder = fileURLToPath(new URL('../../../shared/acceptance/diagnostics/', import.meta.url))
const isPresent = existsSync(folder)

/** What the references promise; a large offset costs the digits that the offset takes up. */
const relativeTolerance = (name: string) => (name === 'large_offset' ? 1e-6 : 1e-8)
const absoluteTolerance = 1e-10

/** Computed by version 1.7.1 where it differs from 1.4.0 or adds to it. */
const newerKeys = /pareto|ess_sd|mcse_sd|rhat_nested/

type Reference = Record<string, number | null | number[]>

function references(): Record<string, Reference> {
  const read = (file: string): Record<string, Reference> => JSON.parse(readFileSync(folder + file, 'utf8')).expected
  const older = read('expected.json')
  const newer = read('expected_posterior_1.7.1.json')
  const merge = (name: string) => ({
    ...older[name],
    ...Object.fromEntries(Object.entries(newer[name] ?? {}).filter(([key]) => newerKeys.test(key))),
  })
  return Object.fromEntries(Object.keys(older).map((name) => [name, merge(name)]))
}

/** Rows are iterations, columns are chains. */
function readChains(name: string): Float64Array[] {
  const lines = readFileSync(`${folder}draws_${name}.csv`, 'utf8').trim().split(/\r?\n/)
  const rows = lines
    .slice(1)
    .map((line) => line.split(',').map((cell) => Number(cell.replace('NA', 'NaN').replace('Inf', 'Infinity'))))
  return rows[0].map((_, chain) => Float64Array.from(rows, (row) => row[chain]))
}

function expectClose(value: ConvergenceValues[string], expected: Reference[string], tolerance: number, label: string): void {
  if (expected === null) {
    expect(value, label).toBeNull()
    return
  }
  const [values, references] = [[value].flat(), [expected].flat()]
  expect(values.length, label).toBe(references.length)
  references.forEach((reference, index) => {
    const error = Math.abs((values[index] ?? Number.NaN) - reference)
    expect(error, `${label}: ${values[index]} against ${reference}`).toBeLessThanOrEqual(
      absoluteTolerance + tolerance * Math.abs(reference),
    )
  })
}

describe.skipIf(!isPresent)('convergence diagnostics against R package posterior', () => {
  const expected = isPresent ? references() : {}
  const names = isPresent
    ? readdirSync(folder).flatMap((file) => /^draws_(.*)\.csv$/.exec(file)?.[1] ?? [])
    : ['the folder of references is absent']

  it.each(names)('agree to eight digits for %s', (name) => {
    const values = convergenceValues(readChains(name))
    for (const [key, value] of Object.entries(values)) {
      expect(expected[name], key).toHaveProperty(key)
      expectClose(value, expected[name][key], relativeTolerance(name), key)
    }
  })

  it.each(names)('agree to eight digits for %s without splitting', (name) => {
    const chains = readChains(name)
    const undefinedAsNull = (value: number) => (Number.isNaN(value) ? null : value)
    const { rhat_basic_nosplit, ess_basic_nosplit } = expected[name]
    expectClose(undefinedAsNull(potentialScaleReduction(chains)), rhat_basic_nosplit, relativeTolerance(name), 'R-hat')
    expectClose(undefinedAsNull(effectiveSampleSize(chains)), ess_basic_nosplit, relativeTolerance(name), 'effective sample size')
  })

  it('would notice an error in the ninth digit', () => {
    expect(() => expectClose(1 + 2e-8, 1, 1e-8, 'control')).toThrow()
    expect(() => expectClose(0.5, null, 1e-8, 'control')).toThrow()
  })
})
