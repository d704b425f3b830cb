import { describe, expect, it } from 'vitest'
import { readTable } from '../../../src/data/read-table.js'
import { importEstimates } from '../../../src/site/import-estimates.js'

const names = ['treatment', 'treatment:x1']
const table = (text: string) => readTable(text, 'elsewhere.csv')
const take = (text: string) => () => importEstimates(table(text), names)

describe('importing estimates of other programs', () => {
  it('takes a table of estimates with their covariances, in any order of rows and columns', () => {
    const found = importEstimates(
      table('treatment:x1,coefficient,treatment,estimate\n0.25,treatment:x1,-0.1,0.5\n-0.1,treatment,1,2\n'),
      names,
    )
    expect(found).toEqual({ estimate: Float64Array.of(2, 0.5), covariance: Float64Array.of(1, -0.1, -0.1, 0.25) })
  })
  it('takes draws: mean and covariance with denominator N - 1', () => {
    const rows = Array.from({ length: 100 }, (_, index) => `${index % 2 === 0 ? 1 : -1},${index % 4 < 2 ? 3 : 1}`)
    const found = importEstimates(table(`treatment,treatment:x1\n${rows.join('\n')}\n`), names)
    expect(found.draws).toHaveLength(200)
    const expected = [0, 2, 100 / 99, 0, 0, 100 / 99]
    // Sums of 100 terms of size 1.
    ;[...found.estimate, ...found.covariance].forEach((value, at) => {
      expect(Math.abs(value - expected[at])).toBeLessThan(1e-13)
    })
  })
  it('refuses missing coefficients, missing rows, no numbers, few draws and covariances that are not symmetric', () => {
    expect(take('treatment,age\n1,2\n')).toThrow(/no column "treatment:x1"/)
    expect(take('coefficient,estimate,treatment,treatment:x1\ntreatment,1,1,0\n')).toThrow(
      /0 rows for the coefficient "treatment:x1"/,
    )
    expect(take('treatment,treatment:x1\n1,NaN\n')).toThrow(/no finite number/)
    expect(take('treatment,treatment:x1\n1,\n')).toThrow(/no finite number/)
    expect(take('treatment,treatment:x1\n1,2\n')).toThrow(/there are 1 draws/)
    expect(take('coefficient,estimate,treatment,treatment:x1\ntreatment,1,1,0.3\ntreatment:x1,1,0.1,1\n')).toThrow(
      /not symmetric/,
    )
  })
})
