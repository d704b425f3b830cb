import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { exampleFiles } from '../../../notebooks/data/make-example.js'
import { protocolSchema } from '../../../src/data/protocol.js'

const read = (name: string) => readFileSync(new URL(`../../../notebooks/data/${name}`, import.meta.url), 'utf8')

describe('the bundled example', () => {
  it('is what its script writes, byte for byte', () => {
    for (const [name, content] of Object.entries(exampleFiles())) expect(read(name)).toBe(content)
  })

  it('has a valid protocol whose columns are the columns of the data', () => {
    const protocol = protocolSchema.parse(parse(read('example-protocol.yaml')))
    const header = read('example-trials.csv').split('\n')[0].split(',')
    const named = [protocol.data.study, protocol.data.patient, protocol.data.treatment.column, protocol.outcome.column]
    expect([...named, ...protocol.covariates.map(({ name }) => name)]).toEqual(header)
  })

  it('has every continuous value within the range of the protocol, and profiles that name its covariates', () => {
    const protocol = protocolSchema.parse(parse(read('example-protocol.yaml')))
    const [header, ...lines] = read('example-trials.csv')
      .trim()
      .split('\n')
      .map((line) => line.split(','))
    for (const covariate of protocol.covariates) {
      const values = lines.map((cells) => Number(cells[header.indexOf(covariate.name)]))
      const [least, most] = covariate.type === 'continuous' ? covariate.range! : [0, 1]
      expect(values.every((value) => value >= least && value <= most)).toBe(true)
    }
    const names = new Set(protocol.covariates.map(({ name }) => name))
    for (const { covariates } of protocol.profiles) for (const name of Object.keys(covariates)) expect(names).toContain(name)
  })
})
