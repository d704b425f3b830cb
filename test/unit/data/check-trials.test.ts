import { describe, expect, it } from 'vitest'
import { checkTrials } from '../../../src/data/check-trials.js'
import type { Protocol } from '../../../src/data/protocol.js'
import { ageProtocol, header, minimalProtocol, protocolWith, reading, trialLines } from './fixtures.js'

const check = (protocol: Protocol, ...lines: string[]) => checkTrials(reading(protocol, header, ...lines), protocol)
const codes = (protocol: Protocol, ...lines: string[]) =>
  check(protocol, ...lines).faults.map(({ severity, code, study }) => [severity, code, study])
const fiveTrials = ['A', 'B', 'C', 'D', 'E'].flatMap((study) => trialLines(study, 30))

describe('checkTrials', () => {
  it('finds nothing to say about five sound trials', () => {
    expect(codes(ageProtocol(), ...fiveTrials)).toEqual([])
  })

  it('counts patients by arm, complete ones, and says who is left out', () => {
    const { trials } = check(ageProtocol(), ...trialLines('A', 30), 'A,x,drug,,30,no,NY')
    expect(trials).toEqual([
      {
        study: 'A',
        patients: { control: 15, treated: 16 },
        complete: { control: 15, treated: 15 },
        isAnalysed: true,
        unmeasured: [],
        reasons: ['1 treated: missing outcome'],
      },
    ])
  })

  it.each<[string, (line: string, index: number) => string, string, string]>([
    ['one arm', (line) => line.replace('placebo', 'drug'), 'one-arm', 'all 30 complete patients are in the treated arm'],
    [
      'a constant covariate',
      (line) => line.replace(/,\d+,(yes|no)/, ',33,$1'),
      'singular-design',
      'age is the same for all patients',
    ],
    [
      'a covariate constant in one arm',
      (line) => line.replace(/(placebo,\d+),\d+/, '$1,33'),
      'singular-design',
      'age is the same for all control patients',
    ],
  ])('calls a trial with %s an error under refuse and a warning under exclude', (_, change, code, words) => {
    const lines = [...fiveTrials, ...trialLines('F', 30).map(change)]
    const refused = check(ageProtocol(), ...lines).faults
    expect(refused).toMatchObject([{ severity: 'error', code, study: 'F', message: expect.stringContaining(words) }])
    const excluded = check(ageProtocol({ trials: { singularDesign: 'exclude' } }), ...lines)
    expect(excluded.faults).toMatchObject([{ severity: 'warning', code, study: 'F' }])
    expect(excluded.trials.at(-1)).toMatchObject({ study: 'F', isAnalysed: false, reasons: [expect.stringContaining(words)] })
  })

  it('names the covariates of a collinear design and what a proper prior would do', () => {
    const twice = protocolWith({
      covariates: [minimalProtocol.covariates[0], { name: 'months', type: 'continuous', centre: 0, scale: 100 }],
    })
    const lines = fiveTrials.map((line) => `${line},${12 * Number(line.split(',')[4])}`)
    const { faults } = checkTrials(reading(twice, `${header},months`, ...lines), twice)
    expect(faults[0]).toMatchObject({
      code: 'singular-design',
      message: expect.stringContaining('months is an exact combination of age'),
    })
    expect(faults[0].remedy).toMatch(/exclude.*drop months.*proper prior/)
  })

  it('asks for more complete patients than coefficients', () => {
    expect(codes(ageProtocol(), ...fiveTrials, ...trialLines('F', 4))).toEqual([['error', 'too-few-patients', 'F']])
    expect(codes(ageProtocol(), ...fiveTrials, ...trialLines('F', 6))).toEqual([['warning', 'small-trial', 'F']])
    expect(codes(ageProtocol(), ...fiveTrials, ...trialLines('F', 16))).toEqual([])
  })

  it('says when no trial is left', () => {
    const { faults } = check(ageProtocol({ trials: { leastPatients: 100 } }), ...fiveTrials)
    expect(faults).toMatchObject([{ severity: 'error', code: 'no-trials' }])
  })

  it.each([
    [1, 'one trial only'],
    [2, 'two trials only: they say next to nothing of the between-trial variance'],
    [3, '3 trials'],
    [4, '4 trials'],
  ])('warns of %d trials', (count, words) => {
    const { faults } = check(ageProtocol(), ...fiveTrials.slice(0, 30 * count))
    expect(faults).toMatchObject([{ severity: 'warning', code: 'few-trials', message: expect.stringContaining(words), count }])
  })

  it('warns of a constant outcome', () => {
    const constant = trialLines('F', 30).map((line) => line.replace(/(drug|placebo),\d+/, '$1,50'))
    expect(codes(ageProtocol(), ...fiveTrials, ...constant)).toEqual([['warning', 'constant-outcome', 'F']])
  })

  it('warns when more than a tenth of the patients is incomplete, not at a tenth', () => {
    const lines = (incomplete: number) => [
      ...fiveTrials,
      ...trialLines('F', 27),
      ...Array.from({ length: incomplete }, (_, i) => `F,x${i},drug,NA,30,no,NY`),
    ]
    expect(codes(ageProtocol(), ...lines(3))).toEqual([])
    expect(check(ageProtocol(), ...lines(4)).faults).toMatchObject([
      { code: 'many-missing', count: 4, message: expect.stringContaining('4 of 31 patients (13%)') },
    ])
  })

  it('warns of an outcome in another unit: a standard deviation more than twice that of another trial', () => {
    const stretched = (factor: number) =>
      trialLines('F', 30).map((line) => line.replace(/(drug|placebo),(\d+)/, (_, arm, y) => `${arm},${factor * Number(y)}`))
    expect(codes(ageProtocol(), ...fiveTrials, ...stretched(1.9))).toEqual([])
    const { faults } = check(ageProtocol(), ...fiveTrials, ...stretched(2.54))
    expect(faults).toMatchObject([{ code: 'outcome-spread', study: 'F', message: expect.stringContaining('2.5 times') }])
  })

  it('warns of a covariate whose mean lies more than a scale from the other trials', () => {
    const protocol = ageProtocol({ covariates: [{ ...minimalProtocol.covariates[0], range: [0, 1000] }] })
    const months = trialLines('F', 30).map((line) =>
      line.replace(/(\d+),(yes|no)/, (_, age, smoker) => `${12 * Number(age)},${smoker}`),
    )
    expect(check(protocol, ...fiveTrials, ...months).faults).toMatchObject([
      { code: 'covariate-means', column: 'age', message: expect.stringContaining('others: F') },
    ])
  })

  it('warns of a modifier without main effect', () => {
    const protocol = ageProtocol({ covariates: [{ ...minimalProtocol.covariates[0], role: 'modifier' }] })
    expect(check(protocol, ...fiveTrials).faults).toMatchObject([
      { severity: 'warning', code: 'modifier-without-main-effect', column: 'age' },
    ])
  })

  it('gathers cells with the same fault into one, with the rows of the first five', () => {
    const text = trialLines('F', 7).map((line) => line.replace(/\d+,(yes|no)/, 'old,$1'))
    const [fault, ...others] = check(ageProtocol({ trials: { leastPatients: 2 } }), ...text, ...fiveTrials).faults
    expect(fault).toMatchObject({ severity: 'error', code: 'not-a-number', row: 2, column: 'age', count: 7 })
    expect(fault.message).toContain('7 cells like this, rows 2, 3, 4, 5, 6, ...')
    expect(others.map(({ severity }) => severity)).not.toContain('error')
  })

  it('puts errors before warnings', () => {
    const { faults } = check(ageProtocol(), ...trialLines('A', 30), ...trialLines('B', 3))
    expect(faults.map(({ severity }) => severity)).toEqual(['error', 'warning'])
  })
})
