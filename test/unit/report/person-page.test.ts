import { describe, expect, it } from 'vitest'
import type { Analysis, Person } from '../../../src/contract/analysis.js'
import { trialOverlap } from '../../../src/effects/extrapolation.js'
import { personContrast } from '../../../src/effects/person-contrast.js'
import { meanBetweenCovariance, trialWeights } from '../../../src/effects/trial-weights.js'
import { type EvidenceInput, personEvidence } from '../../../src/report/person-evidence.js'
import { type AnalysisStanding, renderPersonPage } from '../../../src/report/person-page.js'
import { analysisFixture } from './analysis-fixture.js'
import { parsePage, textOf } from './parse-page.js'

const analysis = analysisFixture()
const [reference] = analysis.profileEffects.map(({ person }) => person)
const standing: AnalysisStanding = { ...analysis, status: 'passed', failed: [] }

function inputFor(person: Person, { protocol, columns, pooled, trialFits }: Analysis = analysis): EvidenceInput {
  const contrast = personContrast(person.covariates, columns, protocol.covariates)
  const estimates = trialFits.map(({ estimate }) => estimate)
  return {
    protocol,
    columns,
    person,
    pooled: pooled.draws,
    isConfidence: false,
    contrast,
    estimates,
    weights: trialWeights(estimates, meanBetweenCovariance(pooled.draws), contrast)!,
    overlaps: trialFits.map(({ trial }) => trialOverlap(trial)),
  }
}

const pageOf = (input: EvidenceInput, own = standing) => renderPersonPage(personEvidence(input), own)
const page = pageOf(inputFor(reference))

describe('personEvidence', () => {
  it('gives the reference patient the effects that the analysis has', () => {
    const { effect } = personEvidence(inputFor(reference))
    const [average, newSetting] = analysis.profileEffects[0].effects
    expect(effect.effects[0]).toEqual(average)
    expect(effect.effects[1]).toEqual(newSetting)
    expect(effect.effects.slice(2).map(({ study }) => study)).toEqual(analysis.trialFits.map(({ trial }) => trial.study))
  })

  it('flags a covariate outside its range, and a person unlike the patients of every trial', () => {
    const { effect, trials } = personEvidence(inputFor({ ...reference, covariates: { ...reference.covariates, age: 140 } }))
    expect(effect.flags.join('; ')).toMatch(/age 140 is above .*; unlike the patients of every trial/)
    expect(trials.every(({ isFar }) => isFar)).toBe(true)
  })

  it('does not flag the reference patient (negative control)', () => {
    const { effect, trials } = personEvidence(inputFor(reference))
    expect(effect.flags).toEqual([])
    expect(trials.some(({ isFar }) => isFar)).toBe(false)
  })

  it('refuses a person without one of the modifiers', () => {
    const { age: _, ...others } = reference.covariates
    expect(() => inputFor({ ...reference, covariates: others })).toThrow(/age.* is not given/)
  })
})

describe('renderPersonPage', () => {
  it('needs no script, may load nothing, and lets no number escape as NaN or undefined', () => {
    expect(parsePage(page).querySelectorAll('script, link, iframe, img, object')).toHaveLength(0)
    expect(page).toContain('default-src &#39;none&#39;')
    expect(page).not.toMatch(/NaN|undefined|Infinity|\[object/)
  })

  it('gives every figure a caption, a named image and a table of its numbers', () => {
    const figures = Array.from(parsePage(page).querySelectorAll('figure'))
    expect(figures.length).toBe(3)
    for (const figure of figures) {
      expect(figure.querySelector('figcaption')!.textContent).not.toBe('')
      expect(figure.querySelectorAll('details table tbody tr').length).toBeGreaterThan(0)
      for (const image of figure.querySelectorAll('svg[role=img]')) expect(image.getAttribute('aria-label')).toBeTruthy()
    }
  })

  it('says first when the analysis behind it failed, and with which fits', () => {
    const failed = pageOf(inputFor(reference), {
      ...standing,
      status: 'failed',
      failed: [{ name: 'trial BOLERO', checks: ['rhat'] }],
    })
    const [verdict] = parsePage(failed).querySelectorAll('section')
    expect(textOf(verdict)).toMatch(/Diagnostics failed: do not rely on this page yet .*trial BOLERO \(rhat\)/)
    expect(page).not.toContain('Diagnostics failed')
  })

  it('says when no trial had such patients', () => {
    const far = pageOf(inputFor({ ...reference, covariates: { ...reference.covariates, age: 140 } }))
    expect(textOf(parsePage(far).querySelector('section[aria-labelledby=weights]'))).toContain(
      'No trial had patients like this person',
    )
    expect(textOf(parsePage(far).querySelector('section[aria-labelledby=about]'))).toContain('! 140, outside')
    expect(textOf(parsePage(far).querySelector('section[aria-labelledby=answer]'))).toContain('Extrapolation')
  })

  it('says that likeness is not known where trials did not say where their patients lie', () => {
    const { overlaps: _, ...without } = inputFor(reference)
    expect(pageOf(without)).toContain('cannot be said')
  })

  it('says so where the first stage does not give the outcome under each treatment', () => {
    expect(textOf(parsePage(page).querySelector('section[aria-labelledby=outcomes]'))).toContain(
      'The outcome under each treatment is not known here',
    )
  })

  it('escapes the name of the person', () => {
    const hostile = pageOf({ ...inputFor(reference), person: { ...reference, id: '<img src=x>"&' } })
    expect(parsePage(hostile).querySelectorAll('img')).toHaveLength(0)
  })
})
