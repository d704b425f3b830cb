import * as Plot from '@observablehq/plot'
import { formatCount } from '../number-format.js'
import type { Interval } from './forest.js'
import { baseOptions, colour } from './theme.js'

/** One patient of the plot. */
export interface PatientInterval {
  /** 1 for the smallest predicted effect among all analysed patients. */
  readonly rank: number
  readonly study: string
  readonly average: Interval
  readonly newSetting: Interval
}

export interface EffectIntervalsData {
  /** In order of rank. */
  readonly patients: readonly PatientInterval[]
  /** Number of analysed patients, of whom `patients` may be a part. */
  readonly patientCount: number
  readonly axisLabel: string
  /** Smallest important effect with the sign of a benefit; absent when any benefit counts. */
  readonly importantEffect?: number
  readonly ariaLabel: string
}

/** Patients in order of predicted effect: credible interval in the average setting (thick), prediction interval in a new setting (thin), mean (line across). */
export function effectIntervalsFigure(data: EffectIntervalsData, width: number): Plot.PlotOptions {
  const isNarrow = width < 500
  const marginLeft = isNarrow ? 44 : 56
  const barWidth = Math.min(6, Math.max(1.5, ((width - marginLeft - 80) / data.patients.length) * 0.55))
  return {
    ...baseOptions,
    width,
    height: isNarrow ? 280 : 360,
    marginLeft,
    marginRight: 74,
    marginTop: 28,
    marginBottom: 46,
    ariaLabel: data.ariaLabel,
    x: { domain: [0, data.patientCount + 1] },
    y: { nice: true },
    marks: [
      Plot.gridY({ stroke: colour.rule, strokeOpacity: 1 }),
      Plot.axisX({
        label: 'Patients in order of predicted effect (rank)',
        labelAnchor: 'center',
        labelArrow: 'none',
        labelOffset: 40,
        tickSize: 0,
        ticks: isNarrow ? 4 : 8,
        tickFormat: formatCount,
      }),
      Plot.axisY({ label: data.axisLabel, labelArrow: 'none', tickSize: 0, ticks: 6, labelOffset: marginLeft }),
      Plot.ruleX(data.patients, {
        x: 'rank',
        y1: (patient: PatientInterval) => patient.newSetting.lower,
        y2: (patient: PatientInterval) => patient.newSetting.upper,
        stroke: colour.accentSoft,
        strokeWidth: Math.max(1, barWidth * 0.4),
      }),
      Plot.ruleX(data.patients, {
        x: 'rank',
        y1: (patient: PatientInterval) => patient.average.lower,
        y2: (patient: PatientInterval) => patient.average.upper,
        stroke: colour.accent,
        strokeWidth: barWidth,
      }),
      Plot.line(data.patients, {
        x: 'rank',
        y: (patient: PatientInterval) => patient.average.mean,
        stroke: 'var(--surface, white)',
        strokeWidth: 2.2,
      }),
      ...lineMarks(data),
    ],
  }
}

/** Names of the two horizontal lines, at the right of the plot and away from each other. */
function lineMarks({ importantEffect }: EffectIntervalsData): Plot.Markish[] {
  const name = (text: string, y: number, lineAnchor: 'top' | 'middle' | 'bottom') =>
    Plot.text([text], { y: [y], frameAnchor: 'right', textAnchor: 'start', lineAnchor, dx: 6, fill: colour.ink })
  const zero = Plot.ruleY([0], { stroke: colour.ink, strokeWidth: 1.2 })
  if (importantEffect === undefined) return [zero, name('no effect', 0, 'middle')]
  const isAbove = importantEffect > 0
  return [
    zero,
    Plot.ruleY([importantEffect], { stroke: colour.ink, strokeDasharray: '5 4' }),
    name('no effect', 0, isAbove ? 'top' : 'bottom'),
    name('smallest\nimportant', importantEffect, isAbove ? 'bottom' : 'top'),
  ]
}
