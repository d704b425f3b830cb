import { describe, expect, it } from 'vitest'
import { effectDotPlot, effectHistogram, trialShrinkage, weightsByProfile } from '../../../src/report/analysis-figures.js'
import { analysisPerson, personPage } from '../../../src/report/analysis-person.js'
import { figureSvg } from '../../../src/report/figure-svg.js'
import { personKinds, personPanel } from '../../../src/report/person-figures.js'
import { standaloneSvg } from '../../../src/report/standalone-svg.js'
import { profileWeights, shrinkageData } from '../../../src/report/weights-data.js'
import { analysisFixture } from './analysis-fixture.js'

const analysis = analysisFixture()
const [reference] = analysis.profileEffects.map(({ person }) => person)

describe('analysisPerson', () => {
  it('agrees with the analysis about a profile', () => {
    const { effect, trials } = analysisPerson(analysis, reference)
    expect(effect.effects[0]).toEqual(analysis.profileEffects[0].effects[0])
    expect(trials.map(({ weight }) => weight)).toEqual(profileWeights(analysis)!.people[0].weights)
  })

  it('takes the weights that the second stage used where effects of people were pooled', () => {
    const people = analysis.profileEffects.map(({ person }) => person.id)
    const variables = analysis.pooled.draws.variables.map((variable) => ({
      ...variable,
      dimensions: variable.dimensions.map((dimension) => ({
        ...dimension,
        name: dimension.name === 'coefficient' ? 'person' : dimension.name,
        labels: dimension.name === 'coefficient' ? [...people, 'x', 'y'] : dimension.labels,
      })),
    }))
    const profileWeightsUsed = Float64Array.of(0.1, 0.2, 0.3, 0.4, 0.4, 0.3, 0.2, 0.1, 0.25, 0.25, 0.25, 0.25)
    const pooled = {
      ...analysis,
      pooled: { ...analysis.pooled, draws: { ...analysis.pooled.draws, variables } },
      effectPooling: { preparation: undefined, profileWeights: profileWeightsUsed, leak: [] },
    }
    const found = analysisPerson(pooled, analysis.profileEffects[1].person)
    expect(found.trials.map(({ weight }) => weight)).toEqual([0.4, 0.3, 0.2, 0.1])
  })
})

describe('personPage', () => {
  it('begins with the failure of a fit, and does not where all passed', () => {
    expect(personPage(analysisFixture({ hasFailedDiagnosis: true }), reference)).toMatch(
      /Diagnostics failed.*second stage \(rhat/s,
    )
    expect(personPage(analysis, reference)).not.toContain('Diagnostics failed')
  })
})

describe('shrinkageData', () => {
  it('puts the effect in the light of all trials between the own one and the average, as far as the trials differ', () => {
    const { trials, average } = shrinkageData(analysis)!
    for (const { own, shrunken, shrinkage } of trials) {
      expect(shrinkage).toBeGreaterThan(0)
      expect(shrinkage).toBeLessThan(1)
      expect(Math.abs(shrunken - average)).toBeLessThan(Math.abs(own - average) + 0.3)
    }
  })
})

describe('figures of an analysis', () => {
  it('draw, and have a size as files of their own', () => {
    const evidence = analysisPerson(analysis, reference)
    const drawn = [
      weightsByProfile(analysis),
      trialShrinkage(analysis, { profile: 'older' }),
      effectHistogram(analysis),
      effectDotPlot(analysis, reference),
      ...personKinds.filter((kind) => kind !== 'outcome-dots').map((kind) => personPanel(kind, evidence).draw(820)),
    ]
    for (const options of drawn) {
      const svg = standaloneSvg(figureSvg(options))
      expect(svg).toContain('width="844"')
      expect(svg).not.toMatch(/NaN|undefined|Infinity|var\(--/)
    }
  })

  it('name the profiles when another is asked for, and say when there are no outcomes', () => {
    expect(() => trialShrinkage(analysis, { profile: 'old' })).toThrow(/Choose one of: .*older/)
    expect(() => personPanel('outcome-dots', analysisPerson(analysis, reference))).toThrow(/no outcomes/)
  })
})
