import { beforeAll, describe, expect, it } from 'vitest'
import { DataError } from '../../../src/errors/data-error.js'
import { decodeValues, encodeValues } from '../../../src/site/encoded-values.js'
import { LARGEST_FILE, parseArtefact, requireSize } from '../../../src/site/read-artefact.js'
import { type SiteArtefact, siteJsonSchema } from '../../../src/site/site-artefact.js'
import { forged, protocolOf, siteFileOf } from './site-fixture.js'

let artefact: SiteArtefact
let withDraws: SiteArtefact
beforeAll(async () => {
  artefact = (await siteFileOf('site-1')).artefact
  const protocol = protocolOf({ secondStage: '{ method: hierarchical, siteLikelihood: draws }' })
  withDraws = (await siteFileOf('site-1', { protocol })).artefact
})
const parse = (value: unknown) => parseArtefact(typeof value === 'string' ? value : JSON.stringify(value), 'site.json')
const refused = async (parts: object, base = artefact) => parse(await forged(base, parts))

describe('numbers as base64', () => {
  it('come back bit for bit, the least and the largest ones too', () => {
    const values = Float64Array.of(0.1, -1 / 3, Number.MIN_VALUE, Number.MAX_VALUE, 2 ** -1022, 1e-300, -0)
    expect(decodeValues(encodeValues(values), values.length, 'f')).toEqual(values)
  })
  it('are little-endian Float64, as numpy and R read them', () => {
    const bytes = Buffer.from(encodeValues(Float64Array.of(1.5, -2)), 'base64')
    expect([bytes.readDoubleLE(0), bytes.readDoubleLE(8)]).toEqual([1.5, -2])
  })
})

describe('a site file', () => {
  it('comes back from its text as it was made', async () => {
    expect(await parse(artefact)).toEqual(artefact)
    expect(await parse(withDraws)).toEqual(withDraws)
  })
  it('has a published schema that refuses fields it does not know', () => {
    expect(siteJsonSchema()).toMatchObject({ title: 'poolite site file', additionalProperties: false })
    // Classes such as \\p{Cc} stop validators in Python and R.
    expect(JSON.stringify(siteJsonSchema())).not.toContain('\\\\p{')
  })
  it('is refused when a number, the study or a count was changed', async () => {
    for (const parts of [{ study: 'site-2' }, { seed: 9 }, { patients: { control: 31, treated: 30 } }])
      await expect(parse({ ...artefact, ...parts })).rejects.toThrow(/altered/)
  })
  it('is refused when it was cut', async () => {
    await expect(parse(JSON.stringify(artefact).slice(0, -1))).rejects.toThrow(/not JSON/)
  })
  it('of another version is refused by name, and something else as no site file', async () => {
    await expect(refused({ format: 'poolite-site-2' })).rejects.toThrow(/poolite-site-2.*poolite-site-1/)
    await expect(parse({ format: 'poolite-run-1' })).rejects.toThrow(/poolite-run-1/)
    for (const other of ['[]', '"x"', 'null', '{}']) await expect(parse(other)).rejects.toThrow(/no site file/)
  })
  it('with draws that are not finite, or too few, is refused', async () => {
    const { draws, ...rest } = withDraws.coefficients!
    const values = decodeValues(draws!.values, draws!.count * 3, 'f')
    values[4] = Number.NaN
    const poisoned = { ...rest, draws: { count: draws!.count, values: encodeValues(values) } }
    await expect(refused({ coefficients: poisoned }, withDraws)).rejects.toThrow(/number 5 of .* is not finite/)
    const short = { ...rest, draws: { count: draws!.count + 1, values: draws!.values } }
    await expect(refused({ coefficients: short }, withDraws)).rejects.toThrow(/numbers take/)
    const text = { ...rest, draws: { count: draws!.count, values: '***' } }
    await expect(refused({ coefficients: text }, withDraws)).rejects.toThrow(/not base64/)
  })
  it('with a covariance that is not positive definite, not symmetric or of another size is refused', async () => {
    const { names, estimate } = artefact.coefficients!
    const with_ = (covariance: number[]) => refused({ coefficients: { names, estimate, covariance } })
    await expect(with_([1, 2, 0, 2, 1, 0, 0, 0, 1])).rejects.toThrow(/not positive definite/)
    await expect(with_([1, 0.1, 0, 0, 1, 0, 0, 0, 1])).rejects.toThrow(/not symmetric/)
    await expect(with_([1])).rejects.toThrow(/9 are needed/)
    await expect(with_([1, 0, 0, 0, 1, 0, 0, 0, -1])).rejects.toThrow(DataError)
  })
  it('with one arm, an unknown algorithm or nothing to pool is refused', async () => {
    await expect(refused({ patients: { control: 0, treated: 30 } })).rejects.toThrow(/one arm/)
    await expect(refused({ patients: { control: 1, treated: 2 } })).rejects.toThrow(/an arm has fewer than 5 patients/)
    await expect(refused({ fit: { ...artefact.fit, algorithm: 'guess' } })).rejects.toThrow(/fit\.algorithm/)
    await expect(refused({ coefficients: undefined })).rejects.toThrow(/neither coefficients nor effects/)
  })
  it('with a field that is not known, such as rows of patients, is refused', async () => {
    await expect(refused({ patientsRows: [[1, 2]] })).rejects.toThrow(/cannot be used/)
  })
  it('that is nested deeply or is too large is refused before it is parsed', async () => {
    await expect(parse(`${'['.repeat(100_000)}`)).rejects.toThrow(/nested more than/)
    expect(() => requireSize(LARGEST_FILE + 1, 'f')).toThrow(/larger than/)
    expect(() => requireSize(LARGEST_FILE, 'f')).not.toThrow()
  })
  it('may have brackets and escaped quotes in strings, which are not nesting', async () => {
    const study = `${'['.repeat(30)}\\"{`
    const own = await forged(artefact, { study })
    expect((await parse(own)).study).toBe(study)
  })
  it('with control characters in a label, which could steer a terminal, is refused', async () => {
    for (const label of ['a\u001b[2Jb', 'a\u009b2Jb', 'a\nb', 'a\u007f'])
      await expect(refused({ study: label })).rejects.toThrow(/study/)
  })
})
