import { UsageError } from '../../src/errors/usage-error.js'

/** Log likelihood of each observation in each draw. */
export interface LogLikelihoodDraws {
  /** `[chain, draw, observation]` */
  readonly values: Float64Array
  readonly chainCount: number
  readonly observationCount: number
}

/**
 * Draws per chain.
 * @throws UsageError when the number of values is not a multiple of chains and observations.
 */
export function drawsPerChain({ values, chainCount, observationCount }: LogLikelihoodDraws): number {
  const drawCount = values.length / chainCount / observationCount
  if (Number.isSafeInteger(drawCount) && drawCount > 0) return drawCount
  throw new UsageError({
    problem: `${values.length} log likelihoods do not fill ${chainCount} chains of ${observationCount} observations`,
    reason: 'they are read as [chain, draw, observation]',
    remedy: 'Give one value for every chain, draw and observation.',
  })
}

/** Log likelihood of one observation, chain after chain. `[chain * draw]`, a copy. */
export function ofObservation({ values, observationCount }: LogLikelihoodDraws, observation: number): Float64Array {
  const out = new Float64Array(values.length / observationCount)
  for (let draw = 0; draw < out.length; draw++) out[draw] = values[draw * observationCount + observation]
  return out
}
