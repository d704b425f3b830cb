import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { names, readJson } from './kit.js'
import { runAcceptance } from './run.js'
import { approximations } from './suites/posteriordb-approximate.js'

const kit = fileURLToPath(new URL('../../../shared/acceptance', import.meta.url))
const isKitMissing = !existsSync(join(kit, 'compare.mjs'))

interface Row {
  readonly suite: string
  readonly item: string
  readonly status: string
}

describe.skipIf(isKitMissing)(`approximations of posteriordb${isKitMissing ? ' (skipped: no ../shared/acceptance)' : ''}`, () => {
  it('agree with the reference draws wherever their own diagnosis passes, and some fail both', async () => {
    const results = mkdtempSync(join(tmpdir(), 'poolite-approximate-'))
    const only = ['posteriordb-approximate']
    expect(await runAcceptance({ kit, results, only, settings: { seed: 1 }, report: () => {} })).toEqual([])
    const judged = approximations.flatMap((algorithm) =>
      compare(join(results, algorithm)).map(({ item, status }) => ({
        item: `${item} ${algorithm}`,
        status,
        isFlagged: readJson<{ is_flagged: boolean }>(join(results, algorithm, 'posteriordb', `${item}.json`)).is_flagged,
      })),
    )
    expect(judged).toHaveLength(approximations.length * names(join(kit, 'posteriordb'), /\.data\.json$/).length)
    expect(judged.filter(({ status, isFlagged }) => status !== 'PASS' && !isFlagged)).toEqual([])
    expect(judged.filter(({ status, isFlagged }) => status === 'FAIL' && isFlagged)).not.toEqual([])
    for (const algorithm of ['full-rank', 'mean-field'])
      expect(judged.filter(({ item, isFlagged }) => item.endsWith(algorithm) && !isFlagged)).not.toEqual([])
  })
})

function compare(results: string): Row[] {
  const output = join(results, 'comparison.json')
  try {
    execFileSync(process.execPath, [join(kit, 'compare.mjs'), results, '--json', output], { stdio: 'ignore' })
  } catch {
    // Exit status 1: some item failed; the rows say which.
  }
  return readJson<{ rows: Row[] }>(output).rows.filter(({ suite, status }) => suite === 'posteriordb' && status !== 'NOT RUN')
}
