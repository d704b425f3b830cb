import { beforeAll, describe, expect, it } from 'vitest'
import { runFiles } from '../../../src/cli/run-files.js'
import type { Analysis } from '../../../src/contract/analysis.js'
import { renderReport } from '../../../src/report/render-report.js'
import type { SiteFile } from '../../../src/site/check-sites.js'
import { poolSites } from '../../../src/stages/pool-sites.js'
import { twoStage } from '../../../src/two-stage.js'
import { forged, protocolOf, rows, rowsOf, siteFileOf, tableOf } from './site-fixture.js'

const studies = ['site-1', 'site-2', 'site-3']
let sites: SiteFile[]
let pooled: Analysis
let whole: Analysis
beforeAll(async () => {
  sites = []
  for (const study of studies) sites.push(await siteFileOf(study))
  pooled = await poolSites({ protocol: protocolOf(), sites, workers: 0 })
  whole = await twoStage({ protocol: protocolOf(), table: tableOf(rows), workers: 0 })
})
const pool = (files: SiteFile[], protocol = protocolOf()) => poolSites({ protocol, sites: files, workers: 0 })
const withParts = async ({ file, artefact }: SiteFile, parts: object): Promise<SiteFile> => ({
  file,
  artefact: await forged(artefact, parts),
})

describe('pooling site files', () => {
  it('gives the draws, coefficients and effects of profiles that the data of all sites give, bit for bit', () => {
    expect(pooled.pooled.draws).toEqual(whole.pooled.draws)
    expect(pooled.profileEffects).toEqual(whole.profileEffects)
    expect(pooled.trialFits.map(({ estimate }) => estimate)).toEqual(whole.trialFits.map(({ estimate }) => estimate))
    expect(pooled.heterogeneitySensitivity).toEqual(whole.heterogeneitySensitivity)
  })
  it('gives the same effects of profiles, too, where a model draws people jointly', async () => {
    const protocol = protocolOf({
      firstStage: '{ model: gaussian-process }',
      secondStage: '{ method: weighted-average, components: separate }',
      inference: '{ seed: 3, chains: 1, warmup: 4, draws: 4, maximumTreeDepth: 2 }',
    })
    const files: SiteFile[] = []
    for (const study of studies) files.push(await siteFileOf(study, { protocol }))
    const inOnePlace = await twoStage({ protocol, table: tableOf(rows), workers: 0 })
    expect((await pool(files, protocol)).profileEffects).toEqual(inOnePlace.profileEffects)
  })
  it('differs for another seed (negative control)', async () => {
    const other = protocolOf({ inference: '{ seed: 4, chains: 2, warmup: 100, draws: 100 }' })
    const { pooled: fit } = await twoStage({ protocol: other, table: tableOf(rows), workers: 0 })
    expect(fit.draws).not.toEqual(pooled.pooled.draws)
  })
  it('does not depend on the order of the files, or of the rows of the data when the protocol lists the trials', async () => {
    expect((await pool([sites[2], sites[0], sites[1]])).pooled.draws).toEqual(pooled.pooled.draws)
    const backwards = [...studies].reverse().flatMap(rowsOf)
    expect((await twoStage({ protocol: protocolOf(), table: tableOf(backwards), workers: 0 })).pooled.draws).toEqual(
      pooled.pooled.draws,
    )
  })
  it('has no effects of patients, and the report needs none', () => {
    expect(pooled.patientEffects).toEqual([])
    const report = renderReport(pooled)
    expect(report).toContain('site-2')
    expect(report).not.toContain('NaN')
  })
  it('writes no draws of trials whose draws have stayed at the site', () => {
    const paths = runFiles(pooled, '').map(({ path }) => path)
    expect(paths).toContain('draws/pooled.csv')
    expect(paths.filter((path) => path.includes('site-'))).toEqual([])
  })
  it('refuses a site sent twice, and the same patients under another name', async () => {
    await expect(pool([...sites, sites[0]])).rejects.toThrow(/"site-1" has been given already.*count twice/)
    const protocol = protocolOf({ trials: '{}' })
    const own = await siteFileOf('site-1', { protocol })
    const renamed = rowsOf('site-1').map(({ cells }) => ({ study: 'site-9', cells: ['site-9', ...cells.slice(1)] }))
    const twin = await siteFileOf('site-9', { protocol, chosen: renamed })
    await expect(pool([own, twin], protocol)).rejects.toThrow(/exactly the same estimates/)
  })
  it('refuses the file of another protocol, of another model and of a trial that is not included', async () => {
    const other = await siteFileOf('site-1', { protocol: protocolOf({ smallestImportantEffect: '1' }) })
    await expect(pool([other, sites[1]])).rejects.toThrow(/made with another protocol/)
    await expect(pool([await withParts(sites[0], { model: 'ridge' }), sites[1]])).rejects.toThrow(/first-stage model "ridge"/)
    await expect(pool([await withParts(sites[0], { study: 'site-7' }), sites[1]])).rejects.toThrow(/not among those/)
    await expect(pool([sites[0]])).rejects.toThrow(/only one site file/)
  })
  it('refuses a file that lacks a covariate of the protocol, naming it', async () => {
    const { names, estimate } = sites[0].artefact.coefficients!
    const less = { names: names.slice(0, 2), estimate: estimate.slice(0, 2), covariance: [1, 0, 0, 1] }
    await expect(pool([await withParts(sites[0], { coefficients: less }), sites[1]])).rejects.toThrow(/missing: treatment:x2/)
  })
  it('refuses files without the draws that the second stage pools', async () => {
    const protocol = protocolOf({ secondStage: '{ method: weighted-average }' })
    const files = []
    for (const study of studies) files.push(await siteFileOf(study, { protocol }))
    const { parameters: _, ...rest } = files[0].artefact
    const stripped = { file: files[0].file, artefact: await forged(rest as (typeof files)[0]['artefact'], {}) }
    await expect(pool([stripped, files[1]], protocol)).rejects.toThrow(/holds no effects or parameters/)
  })
  it('warns of a trial in other units, of a slope turned round, and of one that is missing', async () => {
    const regression = sites[0].artefact.leastSquares!
    const noisy = await withParts(sites[0], { leastSquares: { ...regression, residualDeviation: 10 } })
    const steep = (site: SiteFile, slope: number) => {
      const { leastSquares } = site.artefact
      const prognostic = { ...leastSquares!.prognostic, estimate: [0, slope], error: [0.1, 0.1] }
      return withParts(site, { leastSquares: { ...leastSquares, prognostic } })
    }
    const turned = [await steep(sites[0], -0.5), await steep(sites[1], 0.5), await steep(sites[2], 0.4)]
    const alike = [await steep(sites[0], 0.5), turned[1], turned[2]]
    const say = async (files: SiteFile[]) => (await pool(files)).warnings.map(({ message }) => message).join('\n')
    const plain = await say(sites)
    expect(plain).not.toMatch(/residual standard deviation of trial|other way round|no file was given/)
    expect(await say([noisy, sites[1], sites[2]])).toMatch(/residual standard deviation of trial "site-1"/)
    expect(await say(alike)).not.toMatch(/other way round/)
    expect(await say(turned)).toMatch(/x2 goes with the outcome the other way round in "site-1"/)
    const silent = await withParts(sites[0], { leftOut: { control: null, treated: 0 } })
    expect(await say([silent, sites[1], sites[2]])).toMatch(/in "site-1" a few patients of an arm were left out/)
    expect(await say(sites.slice(0, 2))).toMatch(/"site-3", of which no file was given/)
  })
  it('shows markup in a label as text, and keeps a label with a path inside of the folder', async () => {
    const name = '../../<script>alert(1)</script>'
    const protocol = protocolOf({ trials: `{ include: [site-1, site-2, '${name}'] }` })
    const hostile = rowsOf('site-3').map(({ cells }) => ({ study: name, cells: [name, ...cells.slice(1)] }))
    const files = [
      await siteFileOf('site-1', { protocol }),
      await siteFileOf('site-2', { protocol }),
      await siteFileOf(name, { protocol, chosen: hostile }),
    ]
    const analysis = await pool(files, protocol)
    const report = renderReport(analysis)
    expect(report).not.toContain('<script')
    expect(report).toContain('&lt;script&gt;')
    for (const { path } of runFiles(analysis, '')) expect(path).not.toMatch(/\.\.|^\//)
  })
})
