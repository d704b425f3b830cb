import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { trialEstimateByLeastSquares } from '../../src/numeric/trial-regression.js'
import { caseTrials } from './case-trials.js'
import { casesWith, readJson } from './kit.js'
import { indexedNames } from './parameter-summary.js'
import { runAcceptance } from './run.js'
import { modelPath } from './suites/posteriordb.js'

const kit = fileURLToPath(new URL('../../../shared/acceptance', import.meta.url))
const isKitMissing = !existsSync(join(kit, 'compare.mjs'))

interface Comparison {
  readonly rows: readonly { readonly suite: string; readonly item: string; readonly status: string; readonly detail: string }[]
}

/** Rows of compare.mjs that were run, FAIL first in the message of a failing test. */
function compare(results: string): Comparison['rows'] {
  const output = join(results, 'comparison.json')
  try {
    execFileSync(process.execPath, [join(kit, 'compare.mjs'), results, '--json', output], { stdio: 'ignore' })
  } catch {
    // Exit status 1: some item failed; the rows say which.
  }
  return readJson<Comparison>(output).rows.filter(({ status }) => status !== 'NOT RUN')
}

async function runSuites(only: readonly string[]): Promise<string> {
  const results = mkdtempSync(join(tmpdir(), 'poolite-acceptance-'))
  expect(await runAcceptance({ kit, results, only, settings: { seed: 1 }, report: () => {} })).toEqual([])
  return results
}

describe.skipIf(isKitMissing)(`acceptance kit${isKitMissing ? ' (skipped: no ../shared/acceptance)' : ''}`, () => {
  it('closed-form suites agree with every reference, and a changed digit is noticed', async () => {
    const results = await runSuites(['diagnostics', 'linreg_exact', 'loo', 'stacking'])
    const rows = compare(results)
    expect(rows.filter(({ status }) => status === 'FAIL')).toEqual([])
    expect(new Set(rows.map(({ suite }) => suite))).toEqual(
      new Set(['diagnostics', 'linreg_exact', 'loo', 'loo weights', 'stacking']),
    )

    const [name] = casesWith(kit, 'linreg_exact.json')
    const path = join(results, 'linreg_exact', `${name}.json`)
    const changed = JSON.parse(readFileSync(path, 'utf8'))
    changed.trials[0].normal.log_marginal += 1e-3
    writeFileSync(path, JSON.stringify(changed))
    expect(compare(results).filter(({ status }) => status === 'FAIL')).toHaveLength(1)
  })

  it('the posteriors of posteriordb agree with their reference draws', async () => {
    const rows = compare(await runSuites(['posteriordb']))
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.filter(({ status }) => status !== 'PASS')).toEqual([])
  })

  /** Condition numbers under 1e3 and references with 15 digits leave at least ten. */
  it.each(isKitMissing ? [] : casesWith(kit, 'ols_mixmeta.json'))('least squares in each trial of %s agrees with R', (name) => {
    interface Reference {
      readonly standardised: {
        readonly trials: readonly { readonly study: number; readonly b: number[]; readonly S: number[][] }[]
      }
    }
    const { trials } = readJson<Reference>(join(kit, 'ref', name, 'ols_mixmeta.json')).standardised
    const estimates = caseTrials(kit, name).map(trialEstimateByLeastSquares)
    for (const { study, b, S } of trials) {
      const { estimate, covariance } = estimates.find((candidate) => candidate.study === String(study))!
      b.forEach((value, index) => {
        expect(estimate[index]).toBeCloseTo(value, 10)
      })
      S.flat().forEach((value, index) => {
        expect(covariance[index]).toBeCloseTo(value, 10)
      })
    }
  })
})

describe('the acceptance runner', () => {
  it('refuses a suite that does not exist and lists those that do', async () => {
    await expect(runAcceptance({ kit: '.', results: '.', only: ['nonsense'], settings: { seed: 1 } })).rejects.toThrow(
      /no suite "nonsense".*mvma/,
    )
  })

  it('finds the model of a posterior by its whole name, else by the part after the dash, in the given folder first', () => {
    const folder = mkdtempSync(join(tmpdir(), 'poolite-models-'))
    expect(modelPath('other_data-blr', folder)).toMatch(/posteriordb\/blr\.ts$/)
    writeFileSync(join(folder, 'blr.ts'), '')
    expect(modelPath('other_data-blr', folder)).toBe(join(folder, 'blr.ts'))
    writeFileSync(join(folder, 'other_data-blr.mjs'), '')
    expect(modelPath('other_data-blr', folder)).toBe(join(folder, 'other_data-blr.mjs'))
    expect(modelPath('data-unheard_of')).toBeUndefined()
  })

  it('names scalars by 1-based indices in storage order', () => {
    const axis = (length: number) => ({ name: 'axis', labels: Array.from({ length }, (_, index) => `label ${index}`) })
    expect(indexedNames('Omega', [axis(2), axis(2)])).toEqual(['Omega[1,1]', 'Omega[1,2]', 'Omega[2,1]', 'Omega[2,2]'])
    expect(indexedNames('sigma', [])).toEqual(['sigma'])
  })
})
