import { describe, expect, it } from 'vitest'
import { figureSvg } from '../../../src/report/figure-svg.js'
import { benefitShares } from '../../../src/report/figures/benefit-probability.js'
import { effectBins, effectDistributionFigure } from '../../../src/report/figures/effect-distribution.js'
import { type ForestData, forestFigure } from '../../../src/report/figures/forest.js'
import { forestDomain } from '../../../src/report/figures/forest-domain.js'
import { equallySpaced } from '../../../src/report/patient-data.js'
import { parsePage } from './parse-page.js'

const interval = (mean: number, halfWidth: number) => ({ mean, lower: mean - halfWidth, upper: mean + halfWidth })
const forest: ForestData = {
  rows: [
    { label: 'A', patientCount: 100, own: interval(1, 0.5), shrunken: interval(1.2, 0.4) },
    { label: 'B', patientCount: 10, own: interval(40, 300), shrunken: interval(1.6, 0.6) },
  ],
  average: interval(1.4, 0.5),
  newSetting: interval(1.4, 1),
  axisLabel: 'Effect (points)',
  decimals: 1,
  directions: ['control', 'drug'],
  ariaLabel: 'forest of "two" <trials>',
}

describe('forestDomain', () => {
  it('shows zero, the pooled results and the shrunken intervals', () => {
    const [low, high] = forestDomain(forest)
    expect(low).toBeLessThanOrEqual(0)
    expect(high).toBeGreaterThanOrEqual(2.4)
  })

  it("is not flattened by one trial's enormous interval", () => {
    const [low, high] = forestDomain(forest)
    // pooled results span 2; at most three times that on either side, and the padding
    expect(high - low).toBeLessThan((2 + 2 * 3 * 2) * 1.1)
  })

  it('shows all intervals whole when none is enormous', () => {
    const [low, high] = forestDomain({ ...forest, rows: [{ ...forest.rows[0], own: interval(1.5, 1.8) }] })
    expect(low).toBeLessThan(-0.3)
    expect(high).toBeGreaterThan(3.3)
  })

  it('stays finite when a trial has no estimate', () => {
    const domain = forestDomain({ ...forest, rows: [{ ...forest.rows[0], own: interval(Number.NaN, 1) }] })
    expect(domain.every(Number.isFinite)).toBe(true)
  })
})

describe('forestFigure', () => {
  const svg = figureSvg(forestFigure(forest, { width: 820, hasNumbers: true, rowHeight: 30 }))
  const document = parsePage(svg)
  const texts = Array.from(document.querySelectorAll('text'), (text) => text.textContent)

  it('names every trial, the average and the new setting, and prints their numbers', () => {
    for (const text of [
      'A',
      'B',
      'Average setting',
      'New setting (prediction)',
      '1.4',
      '0.9 to 1.9',
      '0.4 to 2.4',
      'drug better →',
    ])
      expect(texts).toContain(text)
  })

  it('draws an arrow at both ends of the interval that leaves the axis', () => {
    expect(svg.match(/rotate\((-90|90)\)/g)).toHaveLength(2)
  })

  it('is an image with a name that cannot break out of its attribute', () => {
    const image = document.querySelector('svg')!
    expect(image.getAttribute('role')).toBe('img')
    expect(image.getAttribute('aria-label')).toBe('forest of "two" <trials>')
  })

  it('leaves no coordinate undefined', () => {
    expect(svg).not.toMatch(/NaN|undefined|Infinity/)
  })
})

describe('distribution of effects', () => {
  it('bins every finite effect once', () => {
    const means = Array.from({ length: 500 }, (_, index) => Math.sin(index))
    expect(effectBins([...means, Number.NaN]).reduce((sum, { count }) => sum + count, 0)).toBe(500)
  })

  it('draws identical effects as one bar', () => {
    const bins = effectBins([1, 1, 1])
    const svg = figureSvg(effectDistributionFigure({ bins, axisLabel: 'x', mean: 1, ariaLabel: 'y' }, 360))
    expect(svg).not.toMatch(/NaN|undefined/)
  })

  it('divides patients at probabilities 0.1 and 0.9, both of which are uncertain', () => {
    const { unlikely, uncertain, likely } = benefitShares(Float64Array.from([0.05, 0.1, 0.5, 0.9, 0.95]))
    expect([unlikely, uncertain, likely]).toEqual([0.2, 0.6, 0.2].map((share) => expect.closeTo(share, 12)))
  })

  it('thins patients at equal distances of rank with both ends', () => {
    expect(equallySpaced(3, 150)).toEqual([0, 1, 2])
    expect(equallySpaced(101, 5)).toEqual([0, 25, 50, 75, 100])
  })
})
