import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Finding } from '../../../src/study/findings.js'
import type { StudyCell } from '../../../src/study/summarise-study.js'

const read = (path: string) => readFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), 'utf8')
const guide = read('src/guides/simulation-study.md')
const findings: readonly Finding[] = JSON.parse(read('notebooks/data/simulation-study/findings.json'))
const { cells }: { readonly cells: readonly StudyCell[] } = JSON.parse(read('notebooks/data/simulation-study/summary.json'))

const rows = guide
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )

describe('the guide to the simulation study', () => {
  it('gives each finding the verdict that the results have', () => {
    expect(findings.map(({ id }) => id)).toEqual(['T1', 'T2', 'T3', 'T4', 'T5', 'T6', 'T7', 'T8', 'O1', 'O2', 'O3'])
    for (const { id, verdict } of findings) expect(rows.find(([first]) => first === id)?.[2]).toBe(verdict)
  })

  it('quotes errors that the results hold', () => {
    const header = rows.findIndex(([first]) => first === 'error against the mean function')
    const methods = rows[header].slice(1)
    const table = rows.slice(header + 2, header + 10)
    expect(methods.length).toBeGreaterThan(4)
    for (const [name, ...values] of table) {
      const [interactions, size, modification] = name.split(', ')
      values.forEach((text, index) => {
        const own = cells.filter(
          ({ scenario, method }) =>
            method === methods[index].replaceAll('`', '') &&
            scenario.startsWith(`${interactions}-${size.replace(' trials', '-trials')}-${modification.replace(' ', '-')}`),
        )
        expect(own).toHaveLength(2)
        const mean = own.reduce((sum, { measures }) => sum + measures.absoluteErrorOfMean.mean, 0) / 2
        // half a unit of the last digit printed
        expect(Math.abs(Number.parseFloat(text) - mean)).toBeLessThan(0.0051)
      })
    }
  })
})
