/** Effective draws per second of NUTS on one conditioned model: 4 chains, of 1000 warmup transitions and 1000 draws by default, on 2 cores. */
import { essBulk } from '../../diagnostics/convergence/ess-bulk.js'
import { isConstant } from '../../diagnostics/convergence/is-constant.js'
import { rhat } from '../../diagnostics/convergence/rhat.js'
import { scalars } from '../../src/draws/scalars.js'
import { selectVariables } from '../../src/draws/select-variables.js'
import { type FitSettings, fitConditioned } from '../../src/fitting/fit.js'
import type { ConditionedModel } from '../../src/language/condition.js'
import { processorSeconds } from './processor-time.js'

export const CHAIN_COUNT = 4
export const CORE_COUNT = 2

/** Of each chain. */
export interface ChainLengths {
  readonly warmup: number
  readonly draws: number
}

export const STANDARD_LENGTHS: ChainLengths = { warmup: 1000, draws: 1000 }

export interface SamplingMeasure {
  /** Bulk, over the monitored quantities. */
  readonly minimumEss: number
  /** Rank-normalised, over the same. */
  readonly maximumRhat: number
  /** From the first chain's start to the last chain's end, warmup included. */
  readonly wallSeconds: number
  readonly processorSeconds: number
  /** Of the sampling phase. */
  readonly leapfrogCount: number
  /** Warmup included. */
  readonly gradientCount: number
  readonly divergences: number
}

export async function measureSampling(
  conditioned: ConditionedModel,
  monitored: readonly string[],
  settings: ChainLengths & Pick<FitSettings, 'targetAcceptance' | 'seed' | 'adaptation'>,
): Promise<SamplingMeasure> {
  let chainsLeft = CHAIN_COUNT
  let end: number | undefined
  const fitSettings: FitSettings = {
    ...settings,
    chains: CHAIN_COUNT,
    workers: 'auto',
    onProgress: ({ phase, iteration, total }) => {
      if (phase === 'sampling' && iteration === total && --chainsLeft === 0) end = processorSeconds()
    },
  }
  const start = processorSeconds()
  const { draws, sampler, seconds, gradientCount } = await fitConditioned(conditioned, fitSettings)
  if (end === undefined) throw new Error('the last chain did not report its end')
  const total = (name: string) =>
    sampler.variables.find((variable) => variable.name === name)!.values.reduce((sum, value) => sum + value)
  return {
    ...convergence(scalars(selectVariables(draws, monitored)).map(({ chains }) => chains)),
    wallSeconds: seconds,
    processorSeconds: end - start,
    leapfrogCount: total('leapfrog_count'),
    gradientCount,
    divergences: total('divergent'),
  }
}

/** Over `[quantity][chain][draw]`, leaving out constants such as the corner of a correlation factor. */
export function convergence(
  quantities: readonly (readonly Float64Array[])[],
): Pick<SamplingMeasure, 'minimumEss' | 'maximumRhat'> {
  const varying = quantities.filter((chains) => !isConstant(chains))
  return { minimumEss: Math.min(...varying.map(essBulk)), maximumRhat: Math.max(...varying.map((chains) => rhat(chains))) }
}
