import { describe, expect, it } from 'vitest'
import { summaryTable } from '../../../src/draws/print.js'
import type { SummaryRow } from '../../../src/draws/summary-row.js'

const row: SummaryRow = {
  ...{ name: 'gamma[age]', mean: -1.23456, median: -1.2, sd: 0.5, mad: 0.49, q2_5: -2.2, q5: -2, q95: -0.4, q97_5: -0.2 },
  ...{ rhat: 1.00049, essBulk: 3786.1, essTail: 3913.6, mcseMean: 0.00812 },
}

describe('summaryTable', () => {
  it('aligns names left and numbers right, under the column names of posterior', () => {
    expect(summaryTable([row, { ...row, name: 'a', mean: 12 }])).toBe(
      [
        'variable      mean  median     sd    mad    q2.5      q5     q95   q97.5   rhat  ess_bulk  ess_tail  mcse_mean',
        'gamma[age]  -1.235  -1.200  0.500  0.490  -2.200  -2.000  -0.400  -0.200  1.000      3786      3914     0.0081',
        'a           12.000  -1.200  0.500  0.490  -2.200  -2.000  -0.400  -0.200  1.000      3786      3914     0.0081',
      ].join('\n'),
    )
  })
  it.each([
    ['large values without decimals', { mean: 123456.789, sd: 4567 }, '123457'],
    ['a constant with four digits', { mean: 0.123456, sd: 0 }, '0.1235'],
    ['very small values with significant digits', { mean: 1.23456e-9, sd: 2e-10 }, '1.235e-9'],
    ['what is not defined as a dash', { mean: Number.NaN, sd: Number.NaN }, '-'],
  ])('writes %s', (_case, change, expected) => {
    const [, line] = summaryTable([{ ...row, ...change }]).split('\n')
    expect(line.split(/ +/)[1]).toBe(expected)
  })
  it('is the header alone without rows', () => {
    expect(summaryTable([])).toMatch(/^variable {2}mean.*mcse_mean$/)
  })
})
