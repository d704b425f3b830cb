import { type DrawsBuilder, drawsBuilder } from '../draws/draws-builder.js'
import type { SampledDraws } from '../draws/sampled-draws.js'
import type { LargeDraws } from '../draws/stored/growing-bytes.js'
import type { ChainResult, ChainSnapshot } from '../inference/chain.js'
import { type ChainRecord, samplerVariables } from '../inference/chain-record.js'
import type { ConditionedModel } from '../language/conditioned-model.js'
import type { SeededStream } from '../random/stream.js'

interface Places {
  readonly largeDraws?: LargeDraws | undefined
  /** The piece that a chain handed over which begins with that draw. */
  readonly piece?: ((chain: number, firstDraw: number) => Promise<ChainSnapshot>) | undefined
}

/** The draws of all chains and what the sampler said of each, piece by piece: from positions to parameters, derived and generated quantities. */
export async function gatherDraws(
  chains: readonly ChainResult[],
  conditioned: ConditionedModel,
  streamFor: (chain: number) => SeededStream,
  { largeDraws, piece }: Places,
): Promise<Required<SampledDraws>> {
  const chainCount = chains.length
  const drawCount = chains[0].firstDraw + chains[0].sampler.log_density.length
  const collector = conditioned.collectDraws({ chainCount, drawCount, streamFor, ...(largeDraws && { largeDraws }) })
  const variables = samplerVariables.map((name) => ({ name, dimensions: [] }))
  const sampler = drawsBuilder({ chainCount, drawCount, variables }, largeDraws, 'sampler')
  for (const [chain, result] of chains.entries())
    for await (const record of recordsOf(result, (firstDraw) => piece?.(chain, firstDraw))) {
      collector.add(chain, record.positions)
      addSampler(sampler, record)
    }
  return { draws: collector.finish(), sampler: sampler.finish() }
}

/** The pieces that a chain handed over, in order, and the rest. */
async function* recordsOf(
  rest: ChainRecord,
  pieceFrom: (firstDraw: number) => Promise<ChainSnapshot> | undefined,
): AsyncGenerator<ChainRecord> {
  let draw = 0
  while (draw < rest.firstDraw) {
    const record = (await pieceFrom(draw))?.record
    if (!record) throw new Error(`the draws of a chain from ${draw} on were handed over and are nowhere`)
    yield record
    draw += record.sampler.log_density.length
  }
  yield rest
}

function addSampler(builder: DrawsBuilder, { sampler }: ChainRecord): void {
  const columns = samplerVariables.map((name) => sampler[name])
  for (let draw = 0; draw < sampler.log_density.length; draw++) builder.set(columns.map((column) => [column[draw]]))
}
