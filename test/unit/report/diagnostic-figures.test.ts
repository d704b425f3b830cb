import { describe, expect, it } from 'vitest'
import { essBulk } from '../../../diagnostics/convergence/ess-bulk.js'
import type { Draws } from '../../../src/draws/draws.js'
import type { Scalar } from '../../../src/draws/scalars.js'
import { fillNormal } from '../../../src/random/fill-normal.js'
import { stream } from '../../../src/random/stream.js'
import {
  type DiagnosticKind,
  diagnosticCaptions,
  diagnosticKinds,
  diagnosticPanels,
} from '../../../src/report/diagnostic-panels.js'
import { figureGrid } from '../../../src/report/figure-grid.js'
import { figurePage } from '../../../src/report/figure-page.js'
import { figureSvg } from '../../../src/report/figure-svg.js'
import { autocorrelationData } from '../../../src/report/figures/autocorrelation.js'
import { essEvolutionData } from '../../../src/report/figures/effective-sample-size.js'
import { energyData } from '../../../src/report/figures/energy.js'
import { densityBins } from '../../../src/report/figures/histogram.js'
import { pairData } from '../../../src/report/figures/pair.js'
import { compact } from '../../../src/report/figures/panel.js'
import { priorPosteriorData } from '../../../src/report/figures/prior-posterior.js'
import { traceData, traceFigure } from '../../../src/report/figures/trace.js'
import { standaloneSvg } from '../../../src/report/standalone-svg.js'
import { parsePage } from './parse-page.js'

function normal(name: string, chainCount: number, length: number): Scalar {
  const chains = Array.from({ length: chainCount }, (_, chain) => {
    const values = new Float64Array(length)
    fillNormal(stream(5, name, String(chain)), values)
    return values
  })
  return { name, chains }
}

const filled = (name: string, chainCount: number, length: number, value: number): Scalar => ({
  name,
  chains: Array.from({ length: chainCount }, () => new Float64Array(length).fill(value)),
})

function samplerOf(chainCount: number, drawCount: number): Draws {
  const count = chainCount * drawCount
  const energy = new Float64Array(count)
  fillNormal(stream(5, 'energy'), energy)
  const divergent = Float64Array.from({ length: count }, (_, index) => (index % 7 === 3 ? 1 : 0))
  return {
    chainCount,
    drawCount,
    variables: [
      { name: 'energy', dimensions: [], values: energy },
      { name: 'divergent', dimensions: [], values: divergent },
    ],
  }
}

describe.each(diagnosticKinds)('%s', (kind: DiagnosticKind) => {
  it.each([
    [1, 1],
    [1, 3],
    [1, 40],
    [4, 3],
    [4, 30],
    [8, 700],
  ])(
    'of %i chains of %i draws draws without a coordinate that is not defined, whatever the quantity',
    (chainCount, drawCount) => {
      const gaps = normal('c', chainCount, drawCount)
      gaps.chains[0][0] = Infinity
      const quantities = [
        normal('a', chainCount, drawCount),
        filled('b', chainCount, drawCount, 3),
        gaps,
        filled('d', chainCount, drawCount, Number.NaN),
      ]
      const panels = diagnosticPanels(kind, { quantities, sampler: samplerOf(chainCount, drawCount), prior: quantities })
      for (const width of [250, 820])
        for (const panel of panels) if (panel) expect(figureSvg(panel.draw(width))).not.toMatch(/NaN|undefined|Infinity/)
      for (const panel of panels)
        for (const row of panel?.table.rows ?? []) expect(row.join(' ')).not.toMatch(/NaN|undefined|Infinity/)
    },
  )
  it('has a caption, and a table as wide as its header', () => {
    expect(diagnosticCaptions[kind]).toMatch(/\.$/)
    const quantities = [normal('a', 2, 30), normal('b', 2, 30)]
    const panels = diagnosticPanels(kind, { quantities, sampler: samplerOf(2, 30), prior: quantities })
    for (const panel of panels) for (const row of panel!.table.rows) expect(row).toHaveLength(panel!.table.columns.length)
    expect(
      figurePage(
        'A <title>',
        'Text',
        panels.filter((panel) => panel !== undefined),
      ),
    ).toContain('A &lt;title&gt;')
  })
})

describe('what the figures show', () => {
  it('trace: quantiles of all finite draws, and divergent draws by chain', () => {
    const quantity: Scalar = { name: 'x', chains: [Float64Array.of(1, 2, Number.NaN, 4), Float64Array.of(3, Infinity, 5, 6)] }
    const data = traceData(quantity, samplerOf(2, 4))
    expect([data.median, data.divergent]).toEqual([3.5, [[3], []]])
  })
  it('trace: keeps the extremes of a long chain and its gaps', () => {
    const chain = new Float64Array(10000).map((_, draw) => Math.sin(draw))
    chain[1234] = 50
    const document = parsePage(figureSvg(traceFigure(traceData({ name: 'x', chains: [chain] }), 400)))
    const ticks = Array.from(document.querySelectorAll('text'), (text) => text.textContent)
    expect(ticks).toContain('50')
  })
  it('autocorrelation: 1 at lag 0, and rho^lag for a long autoregression', () => {
    const { chains } = normal('ar', 2, 20000)
    const rho = 0.8
    for (const chain of chains) for (let draw = 1; draw < chain.length; draw++) chain[draw] += rho * chain[draw - 1]
    const { lags } = autocorrelationData({ name: 'x', chains }, 10)
    expect(lags.map(({ lag }) => lag)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(lags[0]).toMatchObject({ mean: 1, least: 1, greatest: 1 })
    // Bartlett: variance at most (1 + rho^2) / (1 - rho^2) / N; four standard errors
    const tolerance = 4 * Math.sqrt((1 + rho * rho) / (1 - rho * rho) / 40000)
    for (const { lag, mean } of lags) expect(Math.abs(mean - rho ** lag)).toBeLessThan(tolerance)
  })
  it('effective sample size: ends with that of all draws', () => {
    const quantity = normal('x', 4, 200)
    const { points } = essEvolutionData(quantity)
    expect(points.at(-1)).toMatchObject({ drawCount: 800, bulk: essBulk(quantity.chains) })
  })
  it('energy: both distributions have total mass 1', () => {
    const { marginal, transition } = energyData(samplerOf(3, 50))
    for (const bins of [marginal, transition])
      expect(bins.reduce((sum, { from, to, density }) => sum + density * (to - from), 0)).toBeCloseTo(1, 12)
  })
  it('pairs: every divergent draw, at most 1000 others, and the correlation of all', () => {
    const x = normal('x', 4, 1000)
    const y = { name: 'y', chains: x.chains.map((chain) => chain.map((value) => 3 - 2 * value)) }
    const data = pairData(x, y, samplerOf(4, 1000))
    expect(data.points.length).toBeLessThanOrEqual(1000)
    expect(data.divergent).toHaveLength(samplerOf(4, 1000).variables[1].values.reduce((sum, value) => sum + value, 0))
    expect(data.correlation).toBeCloseTo(-1, 12)
  })
  it('prior and posterior: a wide prior does not flatten the posterior, and the share outside is told', () => {
    const posterior = normal('x', 2, 500)
    const prior = { name: 'x', chains: normal('p', 1, 4000).chains.map((chain) => chain.map((value) => 1000 * value)) }
    const data = priorPosteriorData(prior, posterior)
    const values = posterior.chains.flatMap((chain) => [...chain])
    const [low, high] = [Math.min(...values), Math.max(...values)]
    expect(data.posterior[0].from).toBeGreaterThanOrEqual(low - 2 * (high - low) - 1e-9)
    expect(data.priorOutside).toBeGreaterThan(0.95)
    expect(data.posterior.reduce((sum, { from, to, density }) => sum + density * (to - from), 0)).toBeCloseTo(1, 12)
  })
  it('bins: the upper end belongs to the last, what lies outside to none', () => {
    expect(densityBins([0, 1, 2, 5], [0, 2], 2).map(({ density }) => density)).toEqual([0.25, 0.5])
  })
  it.each([
    [0, '0'],
    [-0.25, '−0.25'],
    [12500, '12.5k'],
    [3e-7, '3e−7'],
    [2.5e9, '2.5e9'],
  ])('axis numbers are short: %d as %s', (value, text) => expect(compact(value)).toBe(text))
})

describe('figures ask for what they lack', () => {
  const quantities = [normal('a', 2, 30)]
  it.each([
    ['energy', /no energies/],
    ['pairs', /two quantities/],
    ['prior-posterior', /no prior draws/],
  ] as const)('%s', (kind, message) => expect(() => diagnosticPanels(kind, { quantities })).toThrow(message))
  it('prior-posterior names the quantity that the prior lacks', () => {
    expect(() => diagnosticPanels('prior-posterior', { quantities, prior: [normal('b', 1, 9)] })).toThrow(/have no "a"/)
  })
})

describe('image files', () => {
  const panels = diagnosticPanels('pairs', { quantities: ['a', 'b', 'c'].map((name) => normal(name, 2, 30)) })
  const grid = figureGrid(
    panels.map((panel) => panel?.draw(260)),
    { columns: 2, gap: 10, ariaLabel: 'pairs of "a" & <b>' },
  )
  it('put panels in rows and leave empty places empty', () => {
    expect(panels.map((panel) => panel !== undefined)).toEqual([true, false, true, true])
    expect([...grid.matchAll(/<svg x="(\d+)" y="(\d+)"/g)].map(([, x, y]) => [Number(x), Number(y) > 0])).toEqual([
      [0, false],
      [0, true],
      [270, true],
    ])
    expect(parsePage(grid).querySelector('svg')?.getAttribute('aria-label')).toBe('pairs of "a" & <b>')
  })
  it.each(['light', 'dark'] as const)('hold no variables and no colours of a page (%s)', (theme) => {
    const file = standaloneSvg(grid, theme)
    expect(grid).toMatch(/var\(--|currentColor/)
    expect(file).not.toMatch(/var\(--(surface|ink|muted|rule|accent)|currentcolor|inherit/i)
    expect(file).toMatch(/^<\?xml[^>]*>\n<svg [^>]*><rect [^>]*fill="#/)
  })
})
