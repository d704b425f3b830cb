import { describe, expect, it } from 'vitest'
import { checkTitles } from '../../../diagnostics/convergence/check-titles.js'
import { checkEffectiveSampleSize } from '../../../diagnostics/convergence/checks/effective-sample-size.js'
import { checkRhat } from '../../../diagnostics/convergence/checks/rhat.js'
import { cutOffs } from '../../../diagnostics/convergence/cut-offs.js'
import { type Check, type Diagnosis, diagnose } from '../../../diagnostics/convergence/diagnose.js'
import { diagnosisText } from '../../../diagnostics/convergence/diagnosis-text.js'
import { made } from './made-diagnosis.js'
import { quietSampler, scalarDraws } from './made-draws.js'
import { mapDraws, simulatedChains, withChain } from './simulated-chains.js'

const alpha = simulatedChains('alpha', 4, 1000)
const beta = simulatedChains('beta', 4, 1000)
const constant = mapDraws(alpha, () => 1)

function check(diagnosis: Diagnosis, name: string): Check {
  return diagnosis.checks.find((candidate) => candidate.name === name)!
}
const failedNames = (diagnosis: Diagnosis) => diagnosis.checks.filter(({ status }) => status === 'failed').map(({ name }) => name)

describe('diagnose', () => {
  it('calls its checks what files that hold their names alone are read as', () => {
    const titles = made({ alpha, beta }).checks.map(({ name, title }) => [name, title])
    expect(titles).toEqual(titles.map(([name]) => [name, checkTitles[name]]))
  })

  it('passes independent draws of a quiet sampler, naming the worst quantity of each check', () => {
    const diagnosis = made({ alpha, beta })
    expect(diagnosis.status).toBe('passed')
    expect(diagnosis.checks.map(({ name, status }) => [name, status])).toEqual([
      ['finite', 'passed'],
      ['variation', 'passed'],
      ['rhat', 'passed'],
      ['ess-bulk', 'passed'],
      ['ess-tail', 'passed'],
      ['divergences', 'passed'],
      ['tree-depth', 'passed'],
      ['e-bfmi', 'passed'],
    ])
    const largest = Math.max(...diagnosis.summary.map((row) => row.rhat))
    expect(check(diagnosis, 'rhat').worst?.value).toBe(largest)
    expect(check(diagnosis, 'ess-bulk').worst?.value).toBe(Math.min(...diagnosis.summary.map((row) => row.essBulk)))
  })

  it('fails a shifted chain by R-hat and bulk size, worst first, with the cut-off', () => {
    const diagnosis = made({
      alpha,
      slightly: withChain(alpha, 0, (value) => value + 1),
      beta: withChain(beta, 3, (value) => value + 5),
    })
    expect(diagnosis.status).toBe('failed')
    expect(check(diagnosis, 'rhat')).toMatchObject({ status: 'failed', cutOff: cutOffs.rhat, failureCount: 2 })
    expect(check(diagnosis, 'rhat').failures.map(({ name }) => name)).toEqual(['beta', 'slightly'])
    expect(check(diagnosis, 'rhat').worst?.name).toBe('beta')
    expect(check(diagnosis, 'ess-bulk').worst?.name).toBe('beta')
  })

  it('fails a chain of another scale', () => {
    const diagnosis = made({ alpha: withChain(alpha, 1, (value) => 3 * value) })
    expect(failedNames(diagnosis)).toEqual(['rhat', 'ess-tail'])
  })

  it('fails too few effective draws although the chains agree', () => {
    const diagnosis = made({ sticky: simulatedChains('sticky', 4, 1000, 0.9) })
    expect(failedNames(diagnosis)).toContain('ess-bulk')
  })

  it('fails values exactly at a cut-off and passes those just inside', () => {
    const [row] = made({ alpha }).summary
    const judge = (rhat: number, essBulk: number) => {
      const evidence = { chainCount: 4, drawCount: 1000, nonFinite: [], constant: [], sampler: quietSampler(4, 2) }
      const rows = [{ ...row, rhat, essBulk }]
      return [checkRhat({ ...evidence, rows }).status, checkEffectiveSampleSize('bulk')({ ...evidence, rows }).status]
    }
    expect(judge(1.01, 400)).toEqual(['failed', 'failed'])
    expect(judge(1.01 - Number.EPSILON, 400.0001)).toEqual(['passed', 'passed'])
  })

  it('fails draws that are not finite, with their number, and judges that quantity no further', () => {
    const broken = withChain(alpha, 2, (value, draw) => (draw < 3 ? Number.NaN : draw === 9 ? Infinity : value))
    const diagnosis = made({ alpha: broken, beta })
    expect(failedNames(diagnosis)).toEqual(['finite'])
    expect(check(diagnosis, 'finite').worst).toEqual({ name: 'alpha', value: 4 })
    expect(check(diagnosis, 'finite').message).toContain('4 of 4000')
  })

  it('leaves out constants by name, also those that vary by rounding', () => {
    const rounded = mapDraws(alpha, (value) => (value > 0 ? 1 : 1 - 3 * Number.EPSILON))
    const zero = mapDraws(alpha, () => 0)
    const diagnosis = made({ alpha, 'Omega[1,1]': constant, 'Omega[2,2]': rounded, tau: zero })
    expect(diagnosis.status).toBe('passed')
    expect(check(diagnosis, 'variation')).toMatchObject({ status: 'passed', leftOut: ['Omega[1,1]', 'Omega[2,2]', 'tau'] })
    expect(check(diagnosis, 'variation').message).toContain('Omega[2,2]')
    expect(diagnosis.summary).toHaveLength(4)
  })

  it('does not take small variation around a large value for a constant', () => {
    const diagnosis = made({ alpha: mapDraws(alpha, (value) => 1e9 + value) })
    expect(check(diagnosis, 'variation').leftOut).toEqual([])
  })

  it('fails chains that stand still at places of their own', () => {
    const stuck = alpha.map((chain, index) => new Float64Array(chain.length).fill(index))
    expect(check(made({ stuck }), 'rhat')).toMatchObject({ status: 'failed', worst: { name: 'stuck', value: Infinity } })
  })

  it('fails a sampler that did not move at all, and draws without quantities', () => {
    expect(failedNames(made({ alpha: constant }))).toEqual(['variation'])
    expect(failedNames(diagnose({ ...scalarDraws({ alpha }), variables: [] }, quietSampler(4, 1000)))).toEqual(['variation'])
  })

  it('fails chains too short to be judged rather than passing them', () => {
    const short = alpha.map((chain) => chain.slice(0, 3))
    expect(failedNames(diagnose(scalarDraws({ short }), quietSampler(4, 3)))).toEqual(['rhat', 'ess-bulk', 'ess-tail'])
    const few = alpha.map((chain) => chain.slice(0, 20))
    const advice = (areIndependent: boolean) =>
      check(diagnose(scalarDraws({ few }), { chainCount: 4, drawCount: 20, variables: [] }, { areIndependent }), 'ess-bulk')
        .message
    expect(advice(true)).toMatch(/independent, so this is chance/)
    expect(advice(false)).toMatch(/reparameterise/)
  })

  it('names quantities for which a diagnostic is not defined', () => {
    const indicator = mapDraws(beta, (value) => (value > 0.3 ? 1 : 0))
    expect(check(made({ alpha, indicator }), 'ess-tail')).toMatchObject({ status: 'passed', leftOut: ['indicator'] })
    expect(check(made({ indicator }), 'ess-tail').status).toBe('not-assessed')
  })

  it('counts divergences by chain', () => {
    const divergent = Array.from({ length: 4 }, (_, chain) =>
      Float64Array.from({ length: 1000 }, (__, draw) => (draw < chain ? 1 : 0)),
    )
    const found = check(made({ alpha }, { divergent }), 'divergences')
    expect(found).toMatchObject({ status: 'failed', failureCount: 3, worst: { name: 'chain 4', value: 3 } })
    expect(found.message).toMatch(/^6 of 4000 transitions diverged.*targetAcceptance/)
  })

  it('counts transitions at the maximum tree depth, if it is given', () => {
    const tree_depth = withChain(
      mapDraws(alpha, () => 3),
      1,
      (value, draw) => (draw < 5 ? 10 : value),
    )
    expect(check(made({ alpha }, { tree_depth }), 'tree-depth')).toMatchObject({
      status: 'failed',
      worst: { name: 'chain 2', value: 5 },
    })
    expect(check(diagnose(scalarDraws({ alpha }), quietSampler(4, 1000, { tree_depth })), 'tree-depth').status).toBe(
      'not-assessed',
    )
    expect(
      check(diagnose(scalarDraws({ alpha }), quietSampler(4, 1000, { tree_depth }), { maximumTreeDepth: 11 }), 'tree-depth')
        .status,
    ).toBe('passed')
  })

  it('fails energies that change too slowly, by chain', () => {
    const slow = simulatedChains('slow', 1, 1000, 0.95)[0]
    const energy = [...simulatedChains('energy', 3, 1000), slow]
    expect(check(made({ alpha }, { energy }), 'e-bfmi')).toMatchObject({
      status: 'failed',
      failureCount: 1,
      worst: { name: 'chain 4' },
    })
  })

  it('does not assess what the sampler did not record', () => {
    const diagnosis = diagnose(scalarDraws({ alpha }), { chainCount: 4, drawCount: 1000, variables: [] })
    expect(diagnosis.status).toBe('passed')
    expect(diagnosis.checks.filter(({ status }) => status === 'not-assessed').map(({ name }) => name)).toEqual([
      'divergences',
      'tree-depth',
      'e-bfmi',
    ])
  })

  it('judges a single chain by its halves and says what that cannot show', () => {
    const one = diagnose(scalarDraws({ alpha: alpha.slice(0, 1) }), quietSampler(1, 1000))
    expect(check(one, 'rhat').status).toBe('passed')
    expect(check(one, 'rhat').message).toContain('One chain only')
  })
})

describe('diagnosisText', () => {
  it('begins with the verdict and the worst values when all is well', () => {
    const text = diagnosisText(made({ alpha, beta, one: constant }))
    expect(text).toMatch(/^All 8 checks of 3 quantities passed\. Worst values: R-hat 1\.00/)
    expect(text).toContain('Note: 1 constant quantity is left out of the other checks: one.')
  })
  it('begins with the verdict, then every failed check with what fails and what to do', () => {
    const text = diagnosisText(made({ alpha, beta: withChain(beta, 3, (value) => value + 5) }))
    const [verdict, blank, failure] = text.split('\n')
    expect(verdict).toMatch(/^Do not rely on these draws yet: \d of 8 checks failed \(R-hat, Bulk effective sample size/)
    expect(blank).toBe('')
    expect(failure).toMatch(/^R-hat of 1 of 2 quantities is not below 1\.01, worst beta at \d/)
    expect(text).toMatch(/^ {4}beta {2}\d/m)
  })
  it('lists ten failures and counts the rest', () => {
    const many = Object.fromEntries(
      Array.from({ length: 13 }, (_, index) => [`x${index}`, withChain(alpha, 0, (value) => value + 9)]),
    )
    expect(diagnosisText(made(many))).toContain('\n    and 3 more')
  })
})
