import { describe, expect, it } from 'vitest'
import { UsageError } from '../../../src/errors/usage-error.js'
import { disclosureRules } from '../../../src/site/disclosure-rules.js'
import { roundingStep } from '../../../src/site/rounded-moments.js'
import { protocolOf, rowsOf, siteFileOf } from './site-fixture.js'

const site1 = rowsOf('site-1')
/** With one cell of every row changed. */
const changed = (column: number, value: (index: number) => string) =>
  site1.map(({ study, cells }, index) => ({ study, cells: cells.map((cell, at) => (at === column ? value(index) : cell)) }))

/** Every second patient of each arm has x1. */
const alternating = changed(4, (index) => String((index >> 1) % 2))

describe('disclosure rules', () => {
  it('are those of DataSHIELD unless the protocol says otherwise, and a site may be stricter', () => {
    expect(disclosureRules(protocolOf())).toEqual({ leastCount: 5, parameterShare: 1 / 3, mostLevels: 40, release: 'profiles' })
    const own = protocolOf({ disclosure: '{ leastCount: 3, release: model }' })
    expect(disclosureRules(own, { leastCount: 10 })).toMatchObject({ leastCount: 10, release: 'model' })
  })
  it('cannot be made weaker by a site', () => {
    expect(() => disclosureRules(protocolOf(), { leastCount: 4 })).toThrow(UsageError)
    expect(() => disclosureRules(protocolOf(), { parameterShare: 0.5 })).toThrow(/less strict/)
    expect(() => disclosureRules(protocolOf(), { mostLevels: 41 })).toThrow(/number of levels/)
    expect(() => disclosureRules(protocolOf(), { release: 'model' })).toThrow(/the release asked for here, model/)
    const open = protocolOf({ disclosure: '{ release: model }' })
    expect(disclosureRules(open, { release: 'profiles', mostLevels: 3 })).toMatchObject({ release: 'profiles', mostLevels: 3 })
  })
  it('refuse an arm that is too small for the coefficients, with figure and what would pass', async () => {
    // 3 coefficients per arm take 9 patients.
    const protocol = protocolOf({ disclosure: '{ leastCount: 4 }' })
    await expect(siteFileOf('site-1', { chosen: alternating.slice(0, 17), protocol })).rejects.toThrow(
      /parameters per patient of an arm \(3 coefficients for 8 patients in the treated arm\).*At least 9 patients in each arm would pass/,
    )
    await expect(siteFileOf('site-1', { chosen: alternating.slice(0, 18), protocol })).resolves.toBeDefined()
  })
  it('refuse an arm below the least count without saying how many there are', async () => {
    const few = alternating.filter((_, index) => index % 2 === 0 || index < 8)
    const error = await siteFileOf('site-1', { chosen: few }).catch((caught) => caught)
    expect(error.message).toMatch(/least count of an arm \(fewer than 5 patients in the treated arm\)/)
    expect(error.message).not.toMatch(/\b4 patients/)
  })
  it('refuse a level that few patients of an arm have, and pass it when the threshold is met', async () => {
    const rare = (count: number) => changed(4, (index) => (index < 2 * count ? '1' : '0'))
    await expect(siteFileOf('site-1', { chosen: rare(4) })).rejects.toThrow(/level of x1 has fewer than 5 patients/)
    await expect(siteFileOf('site-1', { chosen: rare(5) })).resolves.toBeDefined()
    await expect(siteFileOf('site-1', { chosen: rare(5), rules: { leastCount: 6 } })).rejects.toThrow(/fewer than 6/)
  })
  it('count the units of a released network as coefficients, and leave those of one that stays at the site alone', async () => {
    const network = (width: number, release: 'profiles' | 'model') =>
      siteFileOf('site-1', {
        protocol: protocolOf({
          firstStage: `{ model: neural-network, prognostic: { width: ${width} }, effect: { width: 1 } }`,
          secondStage: '{ method: weighted-average }',
          inference: '{ seed: 3, algorithm: laplace, draws: 20 }',
          disclosure: `{ release: ${release} }`,
        }),
      })
    // 30 patients in each arm: 1 + 2 covariates + 7 units are a third of them.
    await expect(network(7, 'model')).resolves.toBeDefined()
    await expect(network(8, 'model')).rejects.toThrow(/11 coefficients for 30 patients.*33 patients in each arm.*smaller network/)
    await expect(network(8, 'profiles')).resolves.toBeDefined()
  })
  it('refuse outcomes that follow from the covariates', async () => {
    const exact = site1.map(({ study, cells }) => {
      const outcome = 3 + 2 * Number(cells[5]) + (cells[2] === 'active' ? 1 : 0)
      return { study, cells: cells.map((cell, at) => (at === 3 ? String(outcome) : cell)) }
    })
    await expect(siteFileOf('site-1', { chosen: exact })).rejects.toThrow(/no reproduction of outcomes/)
  })
  it('keep counts of missing patients below the threshold to the site', async () => {
    const missing = (count: number) => changed(3, (index) => (index < 2 * count ? '' : site1[index].cells[3]))
    expect((await siteFileOf('site-1', { chosen: missing(4) })).artefact.leftOut).toEqual({ control: null, treated: null })
    expect((await siteFileOf('site-1', { chosen: missing(5) })).artefact.leftOut).toEqual({ control: 5, treated: 5 })
  })
  it('refuse a trial of one arm or of three patients before anything is fitted', async () => {
    await expect(siteFileOf('site-1', { chosen: site1.filter(({ cells }) => cells[2] === 'active') })).rejects.toThrow(
      /all complete patients are in one arm/,
    )
    await expect(siteFileOf('site-1', { chosen: site1.slice(0, 3) })).rejects.toThrow(/no more complete patients than/)
  })
})

describe('rounding', () => {
  it('is by 1, 2 or 5 times a power of ten and at least two patients wide', () => {
    expect([20, 30, 40, 100, 101, 400].map(roundingStep)).toEqual([0.1, 0.1, 0.05, 0.02, 0.02, 0.005])
    for (const count of [7, 19, 33, 250, 999, 12345]) expect(roundingStep(count) * count).toBeGreaterThanOrEqual(2 - 1e-9)
  })
})

describe('what a file holds', () => {
  it('is no identifier, row or extreme of the data', async () => {
    const text = JSON.stringify((await siteFileOf('site-1')).artefact)
    expect(text).not.toContain('patient-7-')
    for (const { cells } of site1) {
      expect(text).not.toContain(cells[3])
      expect(text).not.toContain(cells[5])
    }
  })
  it('is the same whenever it is made: no date, no time it took', async () => {
    expect((await siteFileOf('site-1')).artefact).toEqual((await siteFileOf('site-1')).artefact)
  })
})
