/** The summary of a study as a page of figures: faceted dot plots of a measure by method, a facet for each scenario. */
import * as Plot from '@observablehq/plot'
import type { Panel } from '../report/diagnostic-panels.js'
import { figurePage } from '../report/figure-page.js'
import { baseOptions, colour } from '../report/figures/theme.js'
import type { StudyMeasures } from './study-record.js'
import type { StudyCell } from './summarise-study.js'

interface Dot {
  readonly scenario: string
  readonly method: string
  readonly value: number
  readonly lower: number
  readonly upper: number
}

const figures: readonly { readonly measure: keyof StudyMeasures; readonly title: string; readonly mark?: number }[] = [
  { measure: 'absoluteError', title: 'Median absolute error of the effect in a new setting (units of the outcome)' },
  { measure: 'absoluteErrorOfMean', title: 'Median absolute error against the mean function (units of the outcome)' },
  { measure: 'coverage', title: 'Share of people whose 95% interval covers the effect in a new setting', mark: 0.95 },
  { measure: 'coverageOfMean', title: 'Share of people whose 95% interval covers the mean effect', mark: 0.95 },
]

const ROW = 15
const FACET = 34
/** Width of a character of a method's name. */
const CHARACTER = 6.2

export function studyPage(design: string, cells: readonly StudyCell[]): string {
  return figurePage(
    `Simulation study, design ${design}`,
    'Dots are means over data sets, lines two Monte Carlo standard errors to either side. Methods are named first stage / second stage.',
    figures.map(({ measure, title, mark }) => panel(cells, measure, title, mark)),
  )
}

function panel(cells: readonly StudyCell[], measure: keyof StudyMeasures, title: string, mark?: number): Panel {
  const dots = cells.flatMap(({ scenario, method, measures }): Dot[] => {
    const { mean, mcse } = measures[measure]
    const reach = Number.isFinite(mcse) ? 2 * mcse : 0
    return Number.isFinite(mean) ? [{ scenario, method, value: mean, lower: mean - reach, upper: mean + reach }] : []
  })
  return {
    draw: (width) => dotPlot(dots, title, width, mark),
    table: {
      caption: title,
      columns: [
        { title: 'Scenario' },
        { title: 'Method' },
        { title: 'Mean', numeric: true },
        { title: 'Monte Carlo standard error', numeric: true },
      ],
      rows: cells.map(({ scenario, method, measures }) => [
        scenario,
        method,
        number(measures[measure].mean),
        number(measures[measure].mcse),
      ]),
    },
  }
}

const number = (value: number) => (Number.isFinite(value) ? value.toFixed(3) : '-')

function dotPlot(dots: readonly Dot[], title: string, width: number, mark?: number): Plot.PlotOptions {
  const scenarios = new Set(dots.map(({ scenario }) => scenario)).size
  const methods = new Set(dots.map(({ method }) => method))
  const marginLeft = Math.min(0.62 * width, CHARACTER * Math.max(16, ...[...methods].map(({ length }) => length)) + 20)
  return {
    ...baseOptions,
    width,
    height: 80 + scenarios * (methods.size * ROW + FACET),
    marginLeft,
    marginRight: 20,
    marginTop: 50,
    marginBottom: 46,
    ariaLabel: title,
    fy: { label: null, padding: 0.12, axis: null },
    y: { label: null },
    x: { nice: true },
    marks: [
      Plot.gridX({ stroke: colour.rule, strokeOpacity: 1 }),
      Plot.axisX({ anchor: 'top', label: null, tickSize: 0, tickPadding: FACET - 12 }),
      Plot.axisX({ anchor: 'bottom', label: title, labelAnchor: 'center', labelArrow: 'none' }),
      Plot.axisY({ label: null, tickSize: 0 }),
      ...(mark === undefined ? [] : [Plot.ruleX([mark], { stroke: colour.muted, strokeDasharray: '4 3' })]),
      Plot.text(
        dots,
        Plot.selectFirst({
          text: 'scenario',
          fy: 'scenario',
          z: 'scenario',
          frameAnchor: 'top-left',
          lineAnchor: 'bottom',
          textAnchor: 'start',
          dx: -marginLeft + 4,
          dy: -4,
          fontWeight: 600,
          fill: colour.ink,
        }),
      ),
      Plot.ruleY(dots, { y: 'method', x1: 'lower', x2: 'upper', fy: 'scenario', stroke: colour.accentSoft, strokeWidth: 2 }),
      Plot.dot(dots, { y: 'method', x: 'value', fy: 'scenario', r: 3.2, fill: colour.accent }),
    ],
  }
}
