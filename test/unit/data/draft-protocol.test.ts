import { describe, expect, it } from 'vitest'
import { designTrials } from '../../../src/data/design-trials.js'
import { draftProtocol } from '../../../src/data/draft-protocol.js'
import { parseProtocol } from '../../../src/data/parse-protocol.js'
import { readTable } from '../../../src/data/read-table.js'
import { readTrials } from '../../../src/data/read-trials.js'
import { DataError } from '../../../src/errors/data-error.js'
import { UsageError } from '../../../src/errors/usage-error.js'
import { header, thrown, trialLines } from './fixtures.js'

const lines = ['A', 'B', 'C'].flatMap((study) => trialLines(study, 40))
const table = (...rows: string[]) => readTable(rows.join('\n'), 'trials.csv')
const sound = table(header, ...lines)

describe('draftProtocol', () => {
  it('recognises columns by usual names and types by content', () => {
    const { protocol } = draftProtocol(sound)
    expect(protocol.data).toMatchObject({
      study: 'study',
      patient: 'id',
      treatment: { column: 'treat', control: 'placebo', treated: 'drug' },
    })
    expect(protocol.outcome.column).toBe('y')
    expect(protocol.covariates.map(({ name, type }) => [name, type])).toEqual([
      ['age', 'continuous'],
      ['smoker', 'binary'],
    ])
  })

  it('is text that parses to the protocol, the same each time, and can be analysed as it is', () => {
    const { protocol, text } = draftProtocol(sound, { better: 'higher' })
    expect(parseProtocol(text, 'protocol.yaml')).toEqual(protocol)
    expect(draftProtocol(sound, { better: 'higher' }).text).toBe(text)
    expect(designTrials(readTrials(sound, protocol), protocol).designs).toHaveLength(3)
  })

  it('gives pooled means and standard deviations in round numbers', () => {
    const { protocol } = draftProtocol(
      table('study,treat,y,age', 'A,0,10,20', 'A,0,12,30', 'A,1,20,40', 'A,1,22,50', 'A,1,21,60', 'A,0,11,71'),
    )
    // Within arms: squared deviations 2 + 2 over 2 + 2 degrees of freedom.
    expect(protocol.outcome).toMatchObject({ centre: 16, scale: 1 })
    // Mean 271 / 6 = 45.17; SD of 20, 30, 40, 50, 60, 71 is 18.97.
    expect(protocol.covariates[0]).toMatchObject({ centre: 45, scale: 19 })
  })

  it('asks for the direction of benefit unless it is given, and is refused until it is', () => {
    const { text } = draftProtocol(sound)
    expect(text).toMatch(/better: CONFIRM # write higher.* or lower/)
    expect(thrown(() => parseProtocol(text, 'protocol.yaml')).message).toMatch(
      /outcome\.better is still to be confirmed[\s\S]*Write "higher" or "lower" in its place/,
    )
    expect(draftProtocol(sound, { better: 'lower' }).text).toMatch(/better: lower\n/)
  })

  it('takes the columns, covariates and smallest trial that it is given', () => {
    const { protocol } = draftProtocol(sound, { outcome: 'age', covariates: ['y', 'clinic'], leastPatients: 39 })
    expect(protocol.outcome.column).toBe('age')
    expect(protocol.covariates).toMatchObject([
      { name: 'y' },
      { name: 'clinic', type: 'categorical', levels: ['KY', 'MN', 'NY'] },
    ])
    expect(protocol.trials.leastPatients).toBe(39)
  })

  it('leaves out identifiers, other outcomes, mostly missing and constant columns, and says why', () => {
    const extra = lines.map(
      (line, index) =>
        `${line},${1000 + index},${Number(line.split(',')[3]) * 2},${index % 3 ? '' : index % 7},7,word${index % 30}`,
    )
    const { text, protocol } = draftProtocol(table('study,id,treat,y,w,smoker,clinic,chart_id,score,rare,same,words', ...extra))
    expect(protocol.covariates.map(({ name }) => name)).toEqual(['smoker'])
    for (const comment of [
      'chart_id: looks like an identifier',
      'rare: is missing for most patients',
      'same: has one value only',
      'words: holds free text',
      'score: goes so closely with the outcome',
      'w: its name does not say',
    ])
      expect(text).toContain(`#   ${comment}`)
  })

  it('takes no more covariates than the smallest trial can carry', () => {
    const wide = ['A', 'B'].flatMap((study) =>
      Array.from({ length: 26 }, (_, index) => {
        const numbers = [3, 5, 7, 11].map((prime) => (index * index * prime + index) % 23)
        return [study, index % 2, 50 + ((9 * index) % 17), ...numbers].join(',')
      }),
    )
    const { protocol, text } = draftProtocol(table('study,arm,y,x1,x2,x3,x4', ...wide))
    // 4 (2 + 2 p) <= 26 gives p = 2.
    expect(protocol.covariates).toHaveLength(2)
    expect(protocol.trials.leastPatients).toBe(7)
    expect(text).toContain('x3: the smallest trial has too few patients')
  })

  it('excludes trials with a singular design and says how many', () => {
    const constant = trialLines('D', 40).map((line) => line.replace(/,\d+,(yes|no)/, ',33,$1'))
    const { protocol, text } = draftProtocol(table(header, ...lines, ...constant))
    expect(protocol.trials.singularDesign).toBe('exclude')
    expect(text).toContain('exclude # 1 trial cannot')
    expect(draftProtocol(sound).protocol.trials.singularDesign).toBe('refuse')
  })

  it('writes a range that holds all data and shows neither end of them', () => {
    const [age] = draftProtocol(sound).protocol.covariates
    const ages = lines.map((line) => Number(line.split(',')[4]))
    expect(age.type === 'continuous' && age.range![0]).toBeLessThan(Math.min(...ages))
    expect(age.type === 'continuous' && age.range![1]).toBeGreaterThan(Math.max(...ages))
  })

  it('points at the row of a value far out', () => {
    const { text, protocol } = draftProtocol(table(header, ...lines, 'C,x,drug,50,9999,no,NY'))
    expect(text).toContain(`Row ${lines.length + 2} lies far out`)
    expect(designTrials(readTrials(table(header, ...lines), protocol), protocol).designs).toHaveLength(3)
  })

  it('quotes names and labels that YAML would misread', () => {
    const odd = lines.map((line) => line.replace(',drug,', ',"yes: #1, {b}",'))
    const { protocol } = draftProtocol(table('trial no,id,treat,y,"age: [years], at entry",smoker,clinic', ...odd), {
      study: 'trial no',
    })
    expect(protocol.data.treatment).toMatchObject({ control: 'placebo', treated: 'yes: #1, {b}' })
    expect(protocol.covariates[0]).toMatchObject({ name: 'age_years_at_entry', column: 'age: [years], at entry' })
  })

  it('adds the codes for missing that it finds', () => {
    const { protocol } = draftProtocol(table(header, ...lines, 'C,x,drug,.,33,no,NY'))
    expect(protocol.data.missing).toEqual(['', 'NA', '.'])
  })

  it('drops a guessed patient column that does not tell patients apart', () => {
    const same = lines.map((line) => line.replace(/^(\w),\d+/, '$1,7'))
    expect(draftProtocol(table(header, ...same)).protocol.data.patient).toBeUndefined()
  })

  it('says what it cannot guess or use', () => {
    const unnamed = thrown(() => draftProtocol(table('a,b,c', '1,2,3')))
    expect(unnamed).toBeInstanceOf(UsageError)
    expect(unnamed.message).toContain('--study')
    const threeArms = thrown(() => draftProtocol(table(header, ...lines, 'C,x,surgery,50,33,no,NY')))
    expect(threeArms).toBeInstanceOf(DataError)
    expect(threeArms.details).toMatchObject({ column: 'treat', problem: expect.stringContaining('3 different values') })
    expect(thrown(() => draftProtocol(sound, { covariates: ['agee'] })).message).toContain('Did you mean "age"?')
    const text = thrown(() => draftProtocol(table(header, ...lines, 'C,x,drug,50,old,no,NY'), { covariates: ['age'] }))
    expect(text.details).toMatchObject({ column: 'age', row: lines.length + 2 })
    expect(thrown(() => draftProtocol(table(header, ...lines, 'C,x,drug,bad,33,no,NY'))).details).toMatchObject({
      column: 'y',
      row: lines.length + 2,
    })
  })
})
