import { describe, expect, it } from 'vitest'
import { figureSvg } from '../../../src/report/figure-svg.js'
import { effectDependenceFigure } from '../../../src/report/figures/effect-dependence.js'
import { effectSharesFigure } from '../../../src/report/figures/effect-shares.js'
import { wideWidth } from '../../../src/report/figures/theme.js'

const interval = (value: number | string, mean: number) => ({ value, mean, lower: mean - 1, upper: mean + 1 })

describe('figures of what drives effects', () => {
  it('shares name every covariate that has one, and leave out those without', () => {
    const total = { mean: 0.5, lower: 0.2, upper: 0.8 }
    const svg = figureSvg(
      effectSharesFigure(
        {
          covariates: [
            { covariate: 'age', total, alone: { mean: 0.4 } },
            { covariate: 'sex', total: { mean: Number.NaN, lower: Number.NaN, upper: Number.NaN }, alone: { mean: Number.NaN } },
          ],
          ariaLabel: 'shares',
        },
        wideWidth,
      ),
    )
    expect(svg).toContain('age')
    expect(svg).not.toContain('sex')
    expect(svg).not.toContain('NaN')
  })

  it('dependence is a band for many numbers and bars for levels', () => {
    const labels = { covariateLabel: 'Age (years)', effectLabel: 'Effect', ariaLabel: 'dependence' }
    const ofAge = figureSvg(
      effectDependenceFigure({ ...labels, points: [20, 30, 40, 50].map((age) => interval(age, age)) }, wideWidth),
    )
    const ofSex = figureSvg(
      effectDependenceFigure({ ...labels, points: ['men', 'women'].map((sex) => interval(sex, 1)) }, wideWidth),
    )
    expect(ofAge).toContain('fill-opacity="0.5"')
    expect(ofSex).not.toContain('fill-opacity="0.5"')
    expect(ofSex).toContain('women')
  })
})
