import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { parseProtocol } from '../../../src/data/parse-protocol.js'
import { protocolHash } from '../../../src/data/protocol-hash.js'
import { protocolJsonSchema } from '../../../src/data/protocol-json-schema.js'
import { ProtocolError } from '../../../src/errors/protocol-error.js'
import { minimalProtocol, thrown } from './fixtures.js'

const valid = `poolite: 1
title: A test
data:
  study: study
  treatment: { column: arm, control: 0, treated: 1 }
outcome:
  column: y
  better: lower
  centre: 0
  scale: 1
covariates:
  - name: age
    type: continuous
    centre: 40
    scale: 8
    range: [18, 65]
  - name: clinic
    type: categorical
    levels: [1, 2, NO]
profiles:
  - name: old
    covariates: { age: 60, clinic: 2 }
`
const parse = (text: string) => parseProtocol(text, 'protocol.yaml')
const details = (text: string) => {
  const error = thrown(() => parse(text))
  expect(error).toBeInstanceOf(ProtocolError)
  expect(error.details.file).toBe('protocol.yaml')
  return error.details
}

describe('parseProtocol', () => {
  it('fills in defaults and takes labels that YAML reads as numbers as text', () => {
    const protocol = parse(valid)
    expect(protocol.data.treatment).toEqual({ column: 'arm', control: '0', treated: '1' })
    expect(protocol.covariates[1]).toMatchObject({ levels: ['1', '2', 'NO'], role: 'both' })
    expect(protocol.inference).toMatchObject({ seed: 1, chains: 4 })
    expect(protocol.data.missing).toEqual(['', 'NA'])
  })

  it('reads the same protocol from JSON, indented with tabs, as from YAML', () => {
    expect(parse(JSON.stringify(minimalProtocol, null, '\t'))).toEqual(parse(stringify(minimalProtocol)))
  })

  it.each<[string, string, string, number, string[]]>([
    ['a misspelt value', 'better: lower', 'better: lowr', 8, ['outcome.better', '"higher" or "lower"', 'Did you mean "lower"?']],
    ['a misspelt field', 'scale: 1\n', 'sclae: 1\n', 10, ['outcome.sclae', 'Did you mean "scale"?']],
    ['a misspelt field of a covariate', 'range: [18', 'rnage: [18', 16, ['covariates[0].rnage', 'Did you mean "range"?']],
    ['a missing field', 'title: A test\n', '', 1, ['title is missing', 'expected text']],
    ['text for a number', 'centre: 40', 'centre: forty', 14, ['covariates[0].centre', 'expected a number', '"forty"']],
    ['a scale of zero', 'scale: 8', 'scale: 0', 15, ['covariates[0].scale', 'more than 0', 'found 0']],
    [
      'an unknown type',
      'type: categorical',
      'type: categoric',
      18,
      ['covariates[1].type', '"continuous", "binary" or "categorical"'],
    ],
    ['a range from high to low', '[18, 65]', '[65, 18]', 16, ['covariates[0].range', 'smaller value first']],
    ['half a range', '[18, 65]', '[18]', 16, ['covariates[0].range', 'a list of at least 2', 'a list of 1']],
    ['one arm twice', 'treated: 1', 'treated: 0', 5, ['data.treatment.treated', 'both "0"']],
    ['a repeated level', '[1, 2, NO]', '[1, 2, 2]', 19, ['levels[2]', 'given twice']],
    ['a level that means missing', '[1, 2, NO]', '[1, 2, NA]', 19, ['levels[2]', 'data.missing']],
    ['an unknown reference', '[1, 2, NO]', '[1, 2, NO]\n    reference: N0', 20, ['not a level of clinic', 'Did you mean "NO"?']],
    ['a covariate given twice', 'name: clinic', 'name: age', 17, ['covariates[1].name', 'second covariate']],
    ['a reserved name', 'name: age', 'name: treatment', 12, ['covariates[0].name', 'ambiguous']],
    ['a column with two uses', 'name: clinic', 'name: clinic\n    column: y', 17, ['already the outcome']],
    ['no modifier', 'type: continuous', 'type: continuous\n    role: prognostic', 12, []],
    ['a profile with an unknown covariate', 'age: 60', 'agee: 60', 22, ['profiles[0].covariates.agee', 'Did you mean "age"?']],
    ['a profile outside the range', 'age: 60', 'age: 70', 22, ['age 70 is outside its range 18 to 65']],
    ['a profile with an unknown level', 'clinic: 2 }', 'clinic: 7 }', 22, ['"7" is not a level of clinic']],
    ['a profile that is no number', 'age: 60', 'age: old', 22, ['text where a number is expected ("old")']],
    [
      'a fraction of a chain',
      'profiles:',
      'inference: { chains: 1.5 }\nprofiles:',
      20,
      ['inference.chains', 'a whole number', '1.5'],
    ],
    ['a broken line', 'outcome:', 'outcome: [', 7, ['not valid YAML']],
    ['a repeated key', 'title: A test', 'title: A test\ntitle: B', 3, ['not valid YAML', 'unique']],
  ])('says where and what is wrong with %s', (name, from, to, row, words) => {
    const text = valid.replace(from, to)
    expect(text).not.toBe(valid)
    if (name === 'no modifier') {
      const none = text.replace('type: categorical', 'type: categorical\n    role: prognostic')
      expect(details(none)).toMatchObject({ row: 11, problem: expect.stringContaining('no covariate modifies') })
      return
    }
    const { problem, remedy, row: found } = details(text)
    expect(found).toBe(row)
    for (const word of words) expect(`${problem}. ${remedy}`).toContain(word)
  })

  it('does not call the field missing that a misspelt one was meant to be', () => {
    const { problem, remedy } = details(valid.replace('scale: 1\n', 'sclae: 1\n'))
    expect(`${problem}. ${remedy}`).not.toContain('missing')
  })

  it('reports the fault of a field that stands beside its own misspelling', () => {
    const { problem, remedy } = details(valid.replace('scale: 1\n', 'sclae: 1\n  scale: -1\n'))
    expect(`${problem}. ${remedy}`).toContain('outcome.scale: expected a number more than 0')
  })

  it('reports all faults, the first in the file first', () => {
    const { problem, remedy, row } = details(valid.replace('better: lower', 'better: up').replace('scale: 8', 'scale: -1'))
    expect(row).toBe(8)
    expect(problem).toContain('outcome.better')
    expect(remedy).toContain('Row 15, covariates[0].scale')
  })

  it.each(['', 'just text', '- a\n- b'])('refuses a file without fields: %j', (text) => {
    expect(details(text).problem).toContain('not a protocol')
  })
})

describe('protocolHash', () => {
  const hash = (text: string) => protocolHash(parse(text))

  it('is SHA-256 in hexadecimal, the same for YAML, JSON, other key order and comments', async () => {
    const reference = await hash(stringify(minimalProtocol))
    expect(reference).toMatch(/^[0-9a-f]{64}$/)
    expect(await hash(`# a comment\n${JSON.stringify(Object.fromEntries(Object.entries(minimalProtocol).reverse()))}`)).toBe(
      reference,
    )
  })

  it('is the same whether a default is written or left out, and changes with any value', async () => {
    expect(await hash(`${valid}inference: { chains: 4 }\n`)).toBe(await hash(valid))
    expect(await hash(valid.replace('scale: 8', 'scale: 8.1'))).not.toBe(await hash(valid))
  })
})

describe('protocolJsonSchema', () => {
  it('requires what has no default and nothing else', () => {
    expect(protocolJsonSchema().required).toEqual(['poolite', 'title', 'data', 'outcome', 'covariates'])
  })
})
