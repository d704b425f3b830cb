import { type Draws, elementCount } from '../draws/draws.js'
import { decodeValues, encodeValues } from './encoded-values.js'
import type { EncodedDraws } from './site-artefact.js'

export function encodeDraws({ chainCount, drawCount, variables }: Draws): EncodedDraws {
  return {
    chains: chainCount,
    draws: drawCount,
    variables: variables.map(({ name, dimensions, values }) => ({
      name,
      dimensions: dimensions.map((dimension) => ({ name: dimension.name, labels: [...dimension.labels] })),
      values: encodeValues(values),
    })),
  }
}

/** @throws DataError when a variable has another size than its dimensions say, or a value that is not finite. */
export function decodeDraws({ chains, draws, variables }: EncodedDraws, file: string): Draws {
  return {
    chainCount: chains,
    drawCount: draws,
    variables: variables.map(({ name, dimensions, values }) => ({
      name,
      dimensions,
      values: decodeValues(values, chains * draws * elementCount({ dimensions }), file),
    })),
  }
}
