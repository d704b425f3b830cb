import { describe, expect, it } from 'vitest'
import { checkTrials } from '../../../src/data/check-trials.js'
import { designTrials } from '../../../src/data/design-trials.js'
import type { Protocol } from '../../../src/data/protocol.js'
import { readTable } from '../../../src/data/read-table.js'
import { hasAllModifiers, readAnalysedTrials } from '../../../src/data/unmeasured-covariates.js'
import { header, minimalProtocol, protocolWith, thrown, trialLines } from './fixtures.js'

type Policy = NonNullable<Protocol['trials']['missingCovariate']>
const lines = ['A', 'B', 'C'].flatMap((study, index) => trialLines(study, 40, 100 * index))
/** Trial B without ages. */
const without = [header, ...lines.map((line) => (line.startsWith('B') ? line.replace(/^((?:[^,]*,){4})[^,]*/, '$1') : line))]
const protocolFor = (missingCovariate?: Policy, changes: Record<string, unknown> = {}) =>
  protocolWith({ trials: missingCovariate ? { missingCovariate } : {}, ...changes })
function analysed(missingCovariate?: Policy, changes: Record<string, unknown> = {}, text = without.join('\n')) {
  const { reading, protocol } = readAnalysedTrials(readTable(text, 'trials.csv'), protocolFor(missingCovariate, changes))
  return { reading, protocol, faults: checkTrials(reading, protocol).faults, trials: () => designTrials(reading, protocol) }
}
const columnsOf = ({ designs }: ReturnType<typeof designTrials>) => designs.map(({ columns }) => columns.map(({ name }) => name))

describe('a covariate that a trial did not measure', () => {
  it('is refused unless the protocol says what to do, with what can be said', () => {
    const { faults, trials } = analysed()
    const [fault] = faults
    expect(fault).toMatchObject({ severity: 'error', code: 'covariate-not-measured', study: 'B' })
    expect(fault.message).toBe('trial "B": no patient has a value of age')
    expect(fault.remedy).toMatch(/exclude .* drop .* use-available/)
    expect(thrown(trials).details.problem).toMatch(/no patient has a value of age/)
  })

  it('exclude: leaves the trial out', () => {
    const { faults, trials } = analysed('exclude')
    expect(faults.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(trials().designs.map(({ study }) => study)).toEqual(['A', 'C'])
    expect(trials().exclusions.at(-1)).toEqual({ study: 'B', patientCount: 0, reason: 'no patient has a value of age' })
  })

  it('drop: does without it in all trials, and in the protocol', () => {
    const { faults, trials, protocol } = analysed('drop', {
      profiles: [{ name: 'old', covariates: { age: 60, smoker: 'yes' } }],
      referencePatient: { covariates: { age: 30 } },
    })
    expect(protocol.covariates.map(({ name }) => name)).toEqual(['smoker', 'clinic'])
    expect(protocol.profiles[0].covariates).toEqual({ smoker: 'yes' })
    expect(protocol.referencePatient.covariates).toEqual({})
    expect(new Set(columnsOf(trials()).map((names) => names.join()))).toEqual(new Set(['smoker,clinic=NY,clinic=KY']))
    expect(trials().people).toHaveLength(120)
    expect(faults.find(({ code }) => code === 'modifier-not-measured')?.message).toBe(
      'age is dropped from all trials, since trial "B" did not measure it',
    )
  })

  it('drop: refuses when nothing modifies the effect any more', () => {
    expect(thrown(() => analysed('drop', { covariates: [minimalProtocol.covariates[0]] })).details.problem).toMatch(
      /no covariate modifies/,
    )
  })

  it('use-available: gives each trial the design of what it has, and warns of both consequences', () => {
    const { faults, trials, protocol } = analysed('use-available')
    const whole = ['age', 'smoker', 'clinic=NY', 'clinic=KY']
    expect(columnsOf(trials())).toEqual([whole, whole.slice(1), whole])
    expect(trials().designs[1].covariates).toHaveLength(40 * 3)
    expect(trials().people).toHaveLength(120)
    expect(trials().people.filter((person) => hasAllModifiers(person, protocol))).toHaveLength(80)
    const warning = faults.find(({ code }) => code === 'modifier-not-measured')!
    expect(warning.severity).toBe('warning')
    expect(warning.remedy).toMatch(/not quite those of the full model/)
    expect(warning.remedy).toMatch(/averaged over its patients' age/)
    expect(checkTrials(analysed('use-available').reading, protocol).trials[1]).toMatchObject({
      isAnalysed: true,
      unmeasured: ['age'],
      reasons: ['age, not measured'],
    })
  })

  it('use-available: a prognostic covariate costs precision only', () => {
    const covariates = [{ ...minimalProtocol.covariates[0], role: 'prognostic' }, ...minimalProtocol.covariates.slice(1)]
    const { faults } = analysed('use-available', { covariates })
    expect(faults.filter(({ code }) => code.endsWith('not-measured')).map(({ code }) => code)).toEqual(['covariate-not-measured'])
  })

  it('use-available: refuses a covariate that no trial has, and a table may lack its column', () => {
    const nobody = [header, ...lines].map((line) => line.replace(/^((?:[^,]*,){4})[^,]*,/, '$1')).join('\n')
    expect(analysed('use-available', {}, nobody).faults[0]).toMatchObject({
      severity: 'error',
      message: 'no trial that can be analysed has a value of age',
    })
    expect(() => analysed(undefined, {}, nobody)).toThrow(/no column "age"/)
  })

  it('is another thing than a value that single patients lack', () => {
    const sporadic = without.map((line, row) => (row % 7 === 3 ? line.replace(/^((?:[^,]*,){4})[^,]*/, '$1') : line)).join('\n')
    const { trials } = analysed('use-available', {}, sporadic)
    expect(columnsOf(trials())[0]).toContain('age')
    expect(trials().designs[0].outcome.length).toBeLessThan(40)
    expect(trials().designs[1].outcome.length).toBe(40)
  })
})
