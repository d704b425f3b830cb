import { describe, expect, it } from 'vitest'
import type { Analysis } from '../../../src/contract/analysis.js'
import { forestData } from '../../../src/report/forest-data.js'
import { renderReport } from '../../../src/report/render-report.js'
import { analysisFixture } from './analysis-fixture.js'
import { parsePage, textOf } from './parse-page.js'

const analysis = analysisFixture()
const page = renderReport(analysis)

describe('renderReport', () => {
  it('needs no script and may load nothing from elsewhere', () => {
    expect(page).toContain(`content="default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;; img-src data:"`)
    const document = parsePage(page)
    expect(document.querySelectorAll('script, link, iframe, img, object')).toHaveLength(0)
    expect(page).not.toMatch(/@import|url\(/)
  })

  it('is the same text for the same analysis', () => {
    expect(renderReport(analysisFixture())).toBe(page)
  })

  it("puts the verdict first, then warnings, a clinician's page, the analyst's part, and the provenance last", () => {
    const headings = Array.from(parsePage(page).querySelectorAll('h1, h2'), (heading) => heading.textContent)
    expect(headings).toEqual([
      'Individualised effects of mirtazapine in acute depression',
      '✓ Diagnostics passed',
      '! Before believing a number',
      'The effect for the reference patient',
      'Who benefits?',
      'Reference profiles',
      'How to read an individualised effect',
      'For the analyst',
      'Trials and patients',
      'The effect across trials',
      'What changes the effect',
      'Predicted effects of the analysed patients',
      'Differences between trials',
      'Which trials speak for whom',
      'Does it hang on one trial?',
      'Diagnostics',
      'Methods',
      'Provenance',
    ])
  })

  it("links every section of the analyst's part from its heading", () => {
    const links = Array.from(parsePage(page).querySelectorAll('nav a'), (link) => link.getAttribute('href'))
    expect(links).toContain('#weights')
    expect(links).toHaveLength(9)
  })

  it('shows the weights of every profile, with the trials that they amount to', () => {
    const rows = Array.from(parsePage(page).querySelectorAll('section[aria-labelledby=weights] figure tbody tr'), textOf)
    const last = rows.find((row) => row.startsWith('Trials in effect'))!
    const counts = last.match(/\d\.\d/g)!.map(Number)
    expect(counts).toHaveLength(3)
    for (const count of counts) expect(count).toBeLessThanOrEqual(4)
  })

  it('compares prior and posterior of what the trials share where the prior is known', () => {
    const tau = analysis.pooled.draws.variables.find(({ name }) => name === 'tau')!
    const pooledPrior = {
      ...analysis.pooled.draws,
      variables: [{ ...tau, values: tau.values.map((value, at) => value * (1 + (at % 7))) }],
    }
    const text = renderReport({ ...analysis, pooledPrior })
    expect(parsePage(text).querySelectorAll('section[aria-labelledby=prior-posterior] figure')).toHaveLength(5)
    expect(page).not.toContain('id="prior-posterior"')
  })

  it('warns of slopes that come from moving between trials', () => {
    const leak = [
      { name: 'age', asPooled: 0.4, frozen: 0.1, standardError: 0.1, isMaterial: true },
      { name: 'sex', asPooled: 0.2, frozen: 0.2, standardError: 0.1, isMaterial: false },
    ]
    const profileWeights = Float64Array.from({ length: 12 }, () => 0.25)
    const text = renderReport({ ...analysis, effectPooling: { preparation: undefined, profileWeights, leak } })
    const section = textOf(parsePage(text).querySelector('section[aria-labelledby=leak]'))
    expect(section).toContain('1 of 2 slopes change')
    // 0.4 and 0.1 per analysis unit, times 8 points over 10 years
    expect(section).toMatch(/age, per year\s*0\.32\s*0\.08\s*0\.08\s*! moves/)
    expect(page).not.toContain('id="leak"')
  })

  it('gives every figure a caption, a named image and a table of its numbers', () => {
    const figures = Array.from(parsePage(page).querySelectorAll('figure'))
    expect(figures.length).toBe(11)
    for (const figure of figures) {
      expect(figure.querySelector('figcaption')!.textContent).not.toBe('')
      expect(figure.querySelectorAll('details table tbody tr').length).toBeGreaterThan(0)
      for (const image of figure.querySelectorAll('svg[role=img]')) expect(image.getAttribute('aria-label')).toBeTruthy()
      expect(figure.querySelectorAll('svg[role=img]').length).toBeGreaterThan(0)
    }
  })

  it('says how fits were approximated, with sources of their own, and shows their k-hat', () => {
    const approximated: Analysis = {
      ...analysis,
      trialFits: analysis.trialFits.map((trialFit, index) => ({
        ...trialFit,
        fit: { ...trialFit.fit, algorithm: index === 0 ? 'laplace' : 'full-rank' },
      })),
    }
    const document = parsePage(renderReport(approximated))
    const methods = textOf(document.querySelector('section[aria-labelledby=methods]'))
    expect(methods).toMatch(
      /approximated by the Laplace approximation at the mode \[8\], full-rank Gaussian variational inference \[9\]/,
    )
    expect(methods).toMatch(/k-hat exceeds 0.7 \[10\]/)
    expect(document.querySelectorAll('#source-10')).toHaveLength(1)
    expect(textOf(document.querySelector('section[aria-labelledby=diagnostics]'))).toContain('Pareto k')
    expect(page).not.toContain('k-hat')
    expect(page).not.toContain('source-8')
  })

  it('has one target for every link within the page', () => {
    const document = parsePage(page)
    const ids = Array.from(document.querySelectorAll('[id]'), (element) => element.id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const link of document.querySelectorAll('a[href^="#"]')) expect(ids).toContain(link.getAttribute('href')!.slice(1))
    for (const section of document.querySelectorAll('[aria-labelledby]'))
      expect(ids).toContain(section.getAttribute('aria-labelledby'))
  })

  it('states the answer with both intervals and both probabilities', () => {
    const answer = textOf(parsePage(page).querySelector('.answer'))
    expect(answer).toMatch(
      /the effect of mirtazapine rather than placebo on HAM-D score at 8 weeks is −[\d.]+ points in the average setting \(95% credible interval/,
    )
    expect(answer).toMatch(/in a new setting with a probability of 95%/)
    expect(answer).toMatch(/a benefit of at least 2 points with a probability of/)
  })

  it('counts one unit in the singular', () => {
    const text = textOf(parsePage(renderReport(analysisFixture({ smallestImportantEffect: 1 }))).querySelector('body'))
    expect(text).toContain('a benefit of at least 1 point with a probability of')
    expect(text).not.toMatch(/at least 1 points/i)
  })

  it('says which checks were not assessed, with abbreviations in capitals', () => {
    const { pooled } = analysis
    const checks = pooled.diagnosis.checks.map((check) =>
      ['tree-depth', 'e-bfmi'].includes(check.name) ? { ...check, status: 'not-assessed' as const } : check,
    )
    const unrecorded = renderReport({ ...analysis, pooled: { ...pooled, diagnosis: { ...pooled.diagnosis, checks } } })
    const verdict = textOf(parsePage(unrecorded).querySelector('section[aria-labelledby=verdict]'))
    expect(verdict).toContain('(not assessed: tree depth, E-BFMI)')
  })

  it('tells a clinician the shares of patients who are likely to benefit, and not to', () => {
    const who = textOf(parsePage(page).querySelector('section[aria-labelledby=who]'))
    const shares = [...who.matchAll(/(\d+(?:\.\d)?)%/g)].map(([, share]) => Number(share))
    expect(shares).toHaveLength(6)
    // three shares of the same patients, each rounded to a whole number or a tenth
    for (const start of [0, 3])
      expect(Math.abs(shares[start] + shares[start + 1] + shares[start + 2] - 100)).toBeLessThanOrEqual(1.5)
  })

  it('names what was left out and why', () => {
    const rows = Array.from(parsePage(page).querySelectorAll('section[aria-labelledby=trials] tbody tr'), (row) =>
      Array.from(row.querySelectorAll('th, td'), textOf),
    )
    expect(rows).toContainEqual([
      'PILOT',
      'whole trial',
      '14',
      'fewer than 20 complete patients, the least that the protocol allows',
    ])
  })

  it('lets no number escape as NaN or undefined', () => {
    expect(page).not.toMatch(/NaN|undefined|Infinity|\[object/)
  })

  it('escapes names that come from the data, in text and in figures', () => {
    const hostile = '<img src=x onerror=alert(1)>"\'&'
    const [first, ...others] = analysis.trialFits
    const draws = {
      ...analysis.pooled.draws,
      variables: analysis.pooled.draws.variables.map((variable) => ({
        ...variable,
        dimensions: variable.dimensions.map((dimension) => ({
          ...dimension,
          labels: dimension.labels.map((label) => (label === 'ANDANTE' ? hostile : label)),
        })),
      })),
    }
    const text = renderReport({
      ...analysis,
      protocol: { ...analysis.protocol, title: hostile, outcome: { ...analysis.protocol.outcome, name: hostile } },
      trialFits: [
        { ...first, trial: { ...first.trial, study: hostile }, estimate: { ...first.estimate, study: hostile } },
        ...others,
      ],
      pooled: { ...analysis.pooled, draws },
      warnings: [{ severity: 'important', message: hostile }],
    })
    expect(parsePage(text).querySelectorAll('img, script')).toHaveLength(0)
    expect(text).not.toMatch(/<img/)
    expect(parsePage(text).querySelector('h1')!.textContent).toBe(hostile)
  })

  it('says nothing of figures that it has no data for', () => {
    const bare: Analysis = {
      ...analysis,
      profileEffects: [],
      patientEffects: [],
      exclusions: [],
      warnings: [],
      trialFits: analysis.trialFits.slice(0, 1),
    }
    const text = renderReport(bare)
    expect(text).not.toMatch(/NaN|undefined|Infinity/)
    expect(text).toContain('No patient and no trial was left out.')
    expect(parsePage(text).querySelector('#patients')).toBeNull()
  })
})

describe('renderReport of a failed diagnosis', () => {
  const failed = renderReport(analysisFixture({ hasFailedDiagnosis: true }))

  it('says so first, with the parameter, the trial and what to do', () => {
    const verdict = parsePage(failed).querySelector('section')!
    expect(verdict.className).toBe('notice failed')
    const text = textOf(verdict)
    expect(text).toContain('✕ Diagnostics failed: do not rely on these results yet')
    expect(text).toMatch(/R-hat: pooled model\. .*mu\[treatment\].*Run a longer warmup/)
    expect(text).toMatch(/It failed too in trial BOLERO \(theta\[treatment\]: 1\.\d+\)/)
    expect(text).toMatch(/Divergences/)
  })

  it('marks the failing values in words as well as in colour, and the passing fits as passed', () => {
    const rows = Array.from(parsePage(failed).querySelectorAll('section[aria-labelledby=diagnostics] tbody tr'), textOf)
    expect(rows.map((row) => (row.includes('✕') ? 'failed' : row.includes('✓') ? 'passed' : 'none'))).toEqual([
      'failed',
      'passed',
      'failed',
      'passed',
      'passed',
    ])
  })

  it('shows no verdict of failure when all pass (negative control)', () => {
    expect(page).not.toContain('✕')
  })
})

describe('forestData', () => {
  const contrast = Float64Array.from([8, 0, 0, 0, 0])
  const data = forestData(analysis, contrast, { axisLabel: '', ariaLabel: '' })

  it("takes a trial's own interval from its estimate and covariance", () => {
    const { estimate, covariance } = analysis.trialFits[2].estimate
    const { own } = data.rows[2]
    expect(own.mean).toBeCloseTo(8 * estimate[0], 12)
    expect((own.upper - own.lower) / (2 * 1.959963984540054)).toBeCloseTo(8 * Math.sqrt(covariance[0]), 12)
  })

  it('is wider for a new setting than for the average one', () => {
    expect(data.newSetting.upper - data.newSetting.lower).toBeGreaterThan(data.average.upper - data.average.lower)
  })
})
