import * as Plot from '@observablehq/plot'
import { baseOptions, colour } from './theme.js'

/** Probabilities of one kind of benefit over the patients. */
export interface BenefitCurve {
  /** Such as `any benefit`. */
  readonly label: string
  /** Ascending, one per patient. */
  readonly probabilities: Float64Array
}

export interface BenefitProbabilityData {
  readonly curves: readonly BenefitCurve[]
  readonly ariaLabel: string
}

export interface BenefitShares {
  /** Share of patients with a probability under 0.1, from 0.1 to 0.9, and over 0.9. */
  readonly unlikely: number
  readonly uncertain: number
  readonly likely: number
}

export const unlikelyBelow = 0.1
export const likelyAbove = 0.9

export function benefitShares(probabilities: Float64Array): BenefitShares {
  const unlikely = probabilities.filter((probability) => probability < unlikelyBelow).length / probabilities.length
  const likely = probabilities.filter((probability) => probability > likelyAbove).length / probabilities.length
  return { unlikely, uncertain: 1 - unlikely - likely, likely }
}

/**
 * Share of patients whose probability of benefit is at least p, against p; the dashed curve is the second kind of benefit. Shaded: unlikely and
 * likely to benefit.
 */
export function benefitProbabilityFigure(data: BenefitProbabilityData, width: number): Plot.PlotOptions {
  const isNarrow = width < 500
  const marginLeft = isNarrow ? 48 : 56
  return {
    ...baseOptions,
    width,
    height: isNarrow ? 290 : 330,
    marginLeft,
    marginRight: 14,
    marginTop: 52,
    marginBottom: 46,
    ariaLabel: data.ariaLabel,
    x: { domain: [0, 1] },
    y: { domain: [0, 1] },
    marks: [
      Plot.rect(
        [
          { x1: 0, x2: unlikelyBelow },
          { x1: likelyAbove, x2: 1 },
        ],
        { x1: 'x1', x2: 'x2', y1: 0, y2: 1, fill: colour.rule, fillOpacity: 0.45 },
      ),
      Plot.gridY({ stroke: colour.rule, strokeOpacity: 1, ticks: 5 }),
      Plot.axisX({
        label: 'Probability p',
        labelAnchor: 'center',
        labelArrow: 'none',
        labelOffset: 40,
        tickSize: 0,
        ticks: isNarrow ? 5 : 10,
      }),
      Plot.axisY({
        label: 'Patients with at least this probability',
        labelArrow: 'none',
        labelOffset: marginLeft,
        tickSize: 0,
        ticks: 5,
        tickFormat: '.0%',
      }),
      Plot.ruleY([0], { stroke: colour.muted }),
      ...data.curves.map((curve, index) => curveMark(curve, index)),
      zoneName(`p < ${unlikelyBelow}`, 0, 'start'),
      zoneName(`p > ${likelyAbove}`, 1, 'end'),
    ],
  }
}

function zoneName(text: string, x: number, textAnchor: 'start' | 'end'): Plot.Markish {
  return Plot.text([text], { x: [x], frameAnchor: 'top', lineAnchor: 'bottom', dy: -5, textAnchor, fill: colour.muted })
}

function curveMark({ probabilities }: BenefitCurve, index: number): Plot.Markish {
  const count = probabilities.length
  const step = Math.max(1, Math.floor(count / 400))
  const kept = Array.from(probabilities, (probability, order) => ({ probability, share: 1 - order / count })).filter(
    (_, order) => order % step === 0 || order === count - 1,
  )
  const points = [
    { probability: 0, share: 1 },
    ...kept,
    { probability: probabilities[count - 1], share: 0 },
    { probability: 1, share: 0 },
  ]
  return Plot.line(points, {
    x: 'probability',
    y: 'share',
    curve: 'step-before',
    stroke: index === 0 ? colour.accent : colour.ink,
    strokeWidth: 2,
    ...(index === 0 ? {} : { strokeDasharray: '6 4' }),
  })
}
