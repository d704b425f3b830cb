import type { SamplingMeasure } from './measure-sampling.js'
import { type Measured, typical } from './measured.js'

type Row = readonly string[]
/** Ours and theirs. */
type Pair = readonly [number | undefined, number | undefined]

/** Time per value and gradient, and what it costs to get there. */
export function gradientTable(cases: readonly Measured[]): string {
  const rows = cases.map(({ name, gradients, peers }): Row => {
    const ours = typical(gradients, ({ gradient }) => gradient?.microseconds)
    const peer = typical(peers, ({ microsecondsPerLeapfrog }) => microsecondsPerLeapfrog)
    const [first] = gradients
    return [
      name,
      `${first.dimension}`,
      first.engine.engine,
      number(ours),
      number(peer),
      ratio(peer, ours),
      number(typical(gradients, ({ compileWallMilliseconds }) => compileWallMilliseconds)),
      number(typical(gradients, ({ compileMilliseconds }) => compileMilliseconds)),
      `${kilobytes(typical(gradients, ({ gradient }) => gradient?.heapGrowthBytes))} in ${first.gradient?.heapEvaluations}`,
    ]
  })
  const header = [
    'model',
    'dimension',
    'engine',
    'ours us',
    'Stan us',
    'Stan/ours',
    'compile ms by the clock',
    'of processor',
    'heap growth kB',
  ]
  return aligned([header, ...rows])
}

/** Smallest bulk-ESS per second, warmup included, by processor time and by the clock. */
export function samplingTable(cases: readonly Measured[]): string {
  const rows = cases
    .filter(({ samplings }) => samplings.length > 0)
    .map(({ name, samplings, peers }): Row => {
      const ours = samplings.map(({ sampling }) => sampling)
      const theirs = peers.map(({ sampling }) => sampling)
      const both = (pick: (measure: SamplingMeasure) => number): Pair => [
        typical(ours, (measure) => measure && pick(measure)),
        typical(theirs, (measure) => measure && pick(measure)),
      ]
      const perProcessorSecond = both(({ minimumEss, processorSeconds }) => minimumEss / processorSeconds)
      const perSecond = both(({ minimumEss, wallSeconds }) => minimumEss / wallSeconds)
      return [
        name,
        ...perProcessorSecond.map(number),
        ratio(...perProcessorSecond),
        ...perSecond.map(number),
        ratio(...perSecond),
        both(({ minimumEss }) => minimumEss)
          .map(number)
          .join(' / '),
        both(({ leapfrogCount }) => leapfrogCount / 4000)
          .map(number)
          .join(' / '),
        both(({ processorSeconds }) => processorSeconds)
          .map(number)
          .join(' / '),
        both(({ processorSeconds, gradientCount }) => (1e6 * processorSeconds) / gradientCount)
          .map(number)
          .join(' / '),
        both(({ divergences }) => divergences)
          .map(number)
          .join(' / '),
      ]
    })
  const header = ['model', 'ours ESS/cpu s', 'Stan', 'ratio', 'ours ESS/s', 'Stan', 'ratio']
  return aligned([[...header, 'min ESS', 'leapfrogs/draw', 'cpu s', 'cpu us/gradient', 'divergent'], ...rows])
}

/** Whether both sides compute the same density. */
export function comparisonTable(cases: readonly Pick<Measured, 'name' | 'title' | 'comparison'>[]): string {
  const rows = cases.map(({ name, title, comparison }): Row => {
    if (!comparison) return [name, title, 'not compared', '', '']
    const { isSame, valueDistance, gradientDistance } = comparison
    return [name, title, isSame ? 'same' : 'DIFFERENT', valueDistance.toExponential(1), gradientDistance.toExponential(1)]
  })
  return aligned([['model', 'what', 'density', 'value', 'gradient'], ...rows])
}

export function ratio(numerator: number | undefined, denominator: number | undefined): string {
  return numerator === undefined || denominator === undefined ? '-' : (numerator / denominator).toFixed(2)
}

export function number(value: number | undefined): string {
  if (value === undefined) return '-'
  return Math.abs(value) >= 100 ? value.toFixed(0) : `${Number(value.toPrecision(3))}`
}

function kilobytes(bytes: number | undefined): string {
  return bytes === undefined ? '-' : (bytes / 1024).toFixed(0)
}

export function aligned(rows: readonly Row[]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
