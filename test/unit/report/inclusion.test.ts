import { describe, expect, it } from 'vitest'
import type { Analysis } from '../../../src/contract/analysis.js'
import { inclusionSection } from '../../../src/report/sections/inclusion.js'

const analysisWith = (name: string) => {
  const dimensions = [{ name: 'modifier', labels: ['age', 'sex'] }]
  const values = Float64Array.of(0.9, 0.1, 0.7, 0.2)
  const draws = { chainCount: 1, drawCount: 2, variables: [{ name, dimensions, values }] }
  return { trialFits: [{ trial: { study: 'North' }, fit: { draws } }] } as unknown as Analysis
}

describe('inclusionSection', () => {
  it('shows the mean inclusion probability of each interaction in each trial', () => {
    const text = String(inclusionSection(analysisWith('gammaInclusion')))
    for (const part of ['North', 'age', 'sex', '0.80', '0.15']) expect(text).toContain(part)
  })
  it('is not there without spike-and-slab priors', () => {
    expect(String(inclusionSection(analysisWith('gamma')))).not.toContain('North')
  })
})
