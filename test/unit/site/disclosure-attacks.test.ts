/**
 * Attacks on what sites release: each succeeds when the rules are switched off, which shows that there is something to protect, and fails under the default rules.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openLedger } from '../../../src/cli/site-ledger.js'
import { solvePositiveDefinite } from '../../../src/numeric/positive-definite.js'
import { noRules } from '../../../src/site/disclosure-rules.js'
import type { SiteArtefact } from '../../../src/site/site-artefact.js'
import { fitSite } from '../../../src/stages/fit-site.js'
import type { SiteRow } from '../../end-to-end/site-trials.js'
import { protocolOf, rowsOf, tableOf } from './site-fixture.js'

const everybody = rowsOf('site-1')
const target = 20
const without = everybody.filter((_, index) => index !== target)
/** Value of `x2` of the target, in the protocol's scale, which here is that of the data. */
const secret = Number(everybody[target].cells[5])
const arm = everybody[target].cells[2] === 'active' ? 'treated' : 'control'

const release = async (chosen: readonly SiteRow[], isRestricted: boolean) =>
  fitSite({
    protocol: protocolOf(),
    table: tableOf(chosen),
    study: 'site-1',
    workers: 0,
    ...(isRestricted ? {} : { withoutRules: noRules }),
  })

/** n m - (n - 1) m': the value of the one patient who is in the first release and not in the second. */
function differenced(more: SiteArtefact, less: SiteArtefact): number {
  const at = more.arms!.columns.indexOf('x2')
  return more.patients[arm] * more.arms![arm].mean[at] - less.patients[arm] * less.arms![arm].mean[at]
}

const folder = mkdtempSync(join(tmpdir(), 'poolite-ledger-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('differencing two files that differ in one patient', () => {
  it('recovers a covariate of that patient exactly when the rules are off', async () => {
    const [more, less] = [await release(everybody, false), await release(without, false)]
    // 30 terms of size 1, each rounded to 1e-16.
    expect(Math.abs(differenced(more.artefact, less.artefact) - secret)).toBeLessThan(1e-12)
  })
  it('fails under the rules: no second file is made', async () => {
    const protocol = protocolOf()
    const settings = { protocol, protocolHash: 'a', leastCount: 5 }
    const ledger = join(folder, 'first')
    const open = async (chosen: readonly SiteRow[], protocolHash = 'a') =>
      openLedger(ledger, 'data.csv', (await release(chosen, true)).trial, { ...settings, protocolHash })
    ;(await open(everybody)).record()
    await expect(open(without)).rejects.toThrow(/repeated release/)
    await expect(open(without, 'another protocol')).rejects.toThrow(/repeated release/)
    await expect(open(everybody)).resolves.toBeDefined()
    await expect(open(everybody.slice(0, -5))).resolves.toBeDefined()
    await expect(open(everybody.slice(0, -4))).rejects.toThrow(/fewer than 5 patients differ/)
  })
  it('fails when one outcome was corrected, too', async () => {
    const corrected = everybody.map(({ study, cells }, index) => ({
      study,
      cells: index === target ? [...cells.slice(0, 3), '11.5', ...cells.slice(4)] : cells,
    }))
    const settings = { protocol: protocolOf(), protocolHash: 'a', leastCount: 5 }
    const ledger = join(folder, 'second')
    openLedger(ledger, 'data.csv', (await release(everybody, true)).trial, settings).record()
    const second = (await release(corrected, true)).trial
    expect(() => openLedger(ledger, 'data.csv', second, settings)).toThrow(/repeated release/)
  })
  it('of moments, without a record of releases, is off by about a standard deviation: rounding hides the patient', async () => {
    const errors: number[] = []
    const whole = (await release(everybody, true)).artefact
    for (const left of [1, 3, 5, 7, 9, 11, 13, 15]) {
      const index = everybody.findIndex(({ cells }, at) => at >= 2 * left && (cells[2] === 'active') === (arm === 'treated'))
      const less = (
        await release(
          everybody.filter((_, at) => at !== index),
          true,
        )
      ).artefact
      errors.push(differenced(whole, less) - Number(everybody[index].cells[5]))
    }
    const rootMeanSquare = Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length)
    // The covariate is uniform on (-1.4, 1.4), standard deviation 0.81: a guess of the mean does as well.
    expect(rootMeanSquare).toBeGreaterThan(0.5)
  })
})

describe('differencing the covariances of coefficients', () => {
  /**
   * V / s^2 is the sum of the inverse Gram matrices of the arms; without one patient with contrast d it grows by a multiple of (G^-1 d)(G^-1 d)', G of the arm. With
   * about half of V / s^2 for G^-1, since arms of a randomised trial are alike, d is read off up to its length, and its first element is 1.
   */
  function contrastOf(more: SiteArtefact, less: SiteArtefact): Float64Array {
    const unscaled = ({ leastSquares }: SiteArtefact) =>
      Float64Array.from(leastSquares!.covariance, (value) => value / leastSquares!.residualDeviation ** 2)
    const [all, fewer] = [unscaled(more), unscaled(less)]
    const growth = Float64Array.from({ length: 3 }, (_, row) => fewer[3 * row] - all[3 * row])
    const contrast = solvePositiveDefinite(all, growth)
    return contrast.map((value) => value / contrast[0])
  }
  const errorsOf = async () => {
    const whole = (await release(everybody, true)).artefact
    const errors: number[] = []
    for (const left of [5, 12, 20, 29, 35]) {
      const less = (
        await release(
          everybody.filter((_, index) => index !== left),
          true,
        )
      ).artefact
      errors.push(Math.abs(contrastOf(whole, less)[2] - Number(everybody[left].cells[5])))
    }
    return errors
  }
  it('reads the covariates of the patient off two files, rounded moments or not: only the record of releases prevents it', async () => {
    // Arms of 30 are alike to about 1 / sqrt(30) = 0.18 of a standard deviation; a guess of the mean errs by 0.7 on average.
    for (const error of await errorsOf()) expect(error).toBeLessThan(0.36)
  })
  it('has no second file to work with when the record is kept', async () => {
    const settings = { protocol: protocolOf(), protocolHash: 'a', leastCount: 5 }
    const ledger = join(folder, 'third')
    openLedger(ledger, 'data.csv', (await release(everybody, true)).trial, settings).record()
    for (const left of [5, 12, 20, 29, 35]) {
      const { trial } = await release(
        everybody.filter((_, index) => index !== left),
        true,
      )
      expect(() => openLedger(ledger, 'data.csv', trial, settings)).toThrow(/repeated release/)
    }
  })
})

describe('a binary covariate that one patient of an arm has', () => {
  /** Only patient 20, and one of the other arm. */
  const rare = everybody.map(({ study, cells }, index) => ({
    study,
    cells: cells.map((cell, at) => (at === 4 ? (index === target || index === target + 1 ? '1' : '0') : cell)),
  }))
  /** cov(b, x) (n - 1) = x_carrier - mean x, from the covariance over both arms when the two carriers' sum is sought. */
  const sumOfCarriers = ({ overlap, patients }: SiteArtefact) => {
    const count = patients.control + patients.treated
    return overlap!.covariance[1] * (count - 1) + 2 * overlap!.mean[1]
  }
  it('gives its carriers away when the rules are off', async () => {
    const { artefact } = await release(rare, false)
    const truth = Number(rare[target].cells[5]) + Number(rare[target + 1].cells[5])
    expect(Math.abs(sumOfCarriers(artefact) - truth)).toBeLessThan(1e-12)
  })
  it('keeps the file from being made under the rules', async () => {
    await expect(release(rare, true)).rejects.toThrow(/a level of x1 has fewer than 5 patients in an arm/)
  })
})

describe('guessing who was in a trial from a network', () => {
  const options = {
    firstStage: '{ model: neural-network, prognostic: { width: 3 }, effect: { width: 2 } }',
    secondStage: '{ method: weighted-average }',
    inference: '{ seed: 3, algorithm: laplace, draws: 50 }',
  }
  const fit = (release: 'profiles' | 'model') =>
    fitSite({
      protocol: protocolOf({ ...options, disclosure: `{ release: ${release} }` }),
      table: tableOf(everybody),
      study: 'site-1',
      workers: 0,
    })
  const names = ({ parameters, profileEffects }: SiteArtefact) =>
    [...(parameters?.variables ?? []), ...(profileEffects?.variables ?? [])].map(({ name }) => name)

  it('takes predicted outcomes, which the parameters give when the protocol releases the model', async () => {
    expect(names((await fit('model')).artefact)).toEqual(expect.arrayContaining(['alpha', 'delta', 'sigma']))
  })
  it('has nothing to begin with by default: effects of the people of the protocol, and of no one else', async () => {
    const { artefact } = await fit('profiles')
    expect(names(artefact)).toEqual(['effect'])
    expect(artefact.profileEffects!.variables[0].dimensions[0].labels).toEqual(['reference patient', 'high'])
    expect(artefact.fit.checks.some(({ worst }) => worst)).toBe(false)
  })
})
