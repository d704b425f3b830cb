import { describe, expect, it } from 'vitest'
import { figureSvg } from '../../../src/report/figure-svg.js'
import { quantileDotsFigure } from '../../../src/report/figures/quantile-dots.js'
import { dotQuantiles, stackDots } from '../../../src/report/quantile-dots.js'

const uniform = Float64Array.from({ length: 1001 }, (_, draw) => draw / 1000)

describe('dotQuantiles', () => {
  it('are the middles of equally likely parts', () => {
    const [first, second] = dotQuantiles(uniform, 50)
    expect(first).toBeCloseTo(0.01, 12)
    expect(second).toBeCloseTo(0.03, 12)
  })

  it('leaves out what is not finite', () => {
    expect(dotQuantiles(Float64Array.of(Number.NaN, 1, Number.POSITIVE_INFINITY), 2)).toEqual([1, 1])
    expect(dotQuantiles(Float64Array.of(Number.NaN), 2)).toEqual([])
  })
})

describe('stackDots', () => {
  it('puts values that are nearer than the width of a dot on one stack, and keeps every dot', () => {
    expect(stackDots([0, 0.5, 0.9, 2], 1)).toEqual([
      { value: 0, x: 0.45, level: 0 },
      { value: 0.5, x: 0.45, level: 1 },
      { value: 0.9, x: 0.45, level: 2 },
      { value: 2, x: 2, level: 0 },
    ])
  })

  it('never moves a dot by more than half a width', () => {
    const values = dotQuantiles(
      uniform.map((value) => value ** 3),
      50,
    )
    for (const { value, x } of stackDots(values, 0.07)) expect(Math.abs(value - x)).toBeLessThanOrEqual(0.035)
  })
})

describe('quantileDotsFigure', () => {
  const draw = (values: readonly number[], width = 820) =>
    figureSvg(quantileDotsFigure({ rows: [{ label: 'A', values }], axisLabel: 'x', ariaLabel: 'dots' }, width))

  it('draws every dot, on a page and on a phone', () => {
    for (const width of [360, 820]) expect(draw(dotQuantiles(uniform, 50), width).match(/<circle/g)).toHaveLength(50)
  })

  it('draws values that are all the same', () => {
    expect(draw(Array.from({ length: 50 }, () => 3))).not.toMatch(/NaN|Infinity/)
  })
})
