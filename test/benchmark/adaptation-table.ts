import { mean } from 'd3-array'
import type { DensityComparison } from './compare-densities.js'
import type { SamplingMeasure } from './measure-sampling.js'
import { typical } from './measured.js'
import type { OursResult } from './ours-job.js'
import type { PeerResult } from './peer.js'
import { aligned, number, ratio } from './table.js'

/** One case under three adaptations, one entry per repeat. */
export interface MeasuredAdaptation {
  readonly name: string
  readonly title: string
  /** Absent when the peer was not run. */
  readonly comparison?: DensityComparison
  /** Ours, by default. */
  readonly gradient: readonly OursResult[]
  /** Ours, as in Stan. */
  readonly stan: readonly OursResult[]
  readonly peers: readonly PeerResult[]
}

type Result = Pick<OursResult, 'sampling'> & Partial<Pick<OursResult, 'compileMilliseconds'>>

const header = [
  'case',
  'adaptation',
  'ESS/s',
  'to rstan',
  'with compile',
  'ESS/1000 gradients',
  'to rstan',
  'min ESS',
  'max R-hat',
  's',
  'cpu s',
  'gradients',
  'divergent',
]

/** Smallest bulk-ESS per second and per gradient, warmup included: three lines a case. */
export function adaptationTable(cases: readonly MeasuredAdaptation[]): string {
  const rows = cases.flatMap(({ name, gradient, stan, peers }) => {
    const variants: [string, readonly Result[]][] = [
      ['default', gradient],
      ['Stan-like', stan],
      ['rstan', peers],
    ]
    return variants
      .filter(([, results]) => results.length > 0)
      .map(([adaptation, results], index) => [index === 0 ? name : '', adaptation, ...figures(results, peers)])
  })
  return aligned([header, ...rows])
}

const essPerSecond = ({ minimumEss, wallSeconds }: SamplingMeasure) => minimumEss / wallSeconds
const essPerGradients = ({ minimumEss, gradientCount }: SamplingMeasure) => (1000 * minimumEss) / gradientCount

function figures(results: readonly Result[], peers: readonly Result[]): string[] {
  const medianOf = (pick: (measure: SamplingMeasure) => number, of = results) =>
    typical(of, ({ sampling }) => sampling && pick(sampling))
  const withCompile = typical(results, ({ sampling, compileMilliseconds }) =>
    sampling && compileMilliseconds !== undefined
      ? sampling.minimumEss / (sampling.wallSeconds + compileMilliseconds / 1000)
      : undefined,
  )
  return [
    number(medianOf(essPerSecond)),
    ratio(medianOf(essPerSecond), medianOf(essPerSecond, peers)),
    number(withCompile),
    number(medianOf(essPerGradients)),
    ratio(medianOf(essPerGradients), medianOf(essPerGradients, peers)),
    number(medianOf(({ minimumEss }) => minimumEss)),
    medianOf(({ maximumRhat }) => maximumRhat)?.toFixed(3) ?? '-',
    number(medianOf(({ wallSeconds }) => wallSeconds)),
    number(medianOf(({ processorSeconds }) => processorSeconds)),
    number(medianOf(({ gradientCount }) => gradientCount)),
    number(mean(results.flatMap(({ sampling }) => sampling?.divergences ?? []))),
  ]
}
