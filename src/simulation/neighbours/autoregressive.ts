import type { Stream } from '../../contract/stream.js'
import { standardNormal } from '../../random/standard-normal.js'

/** Standard normal numbers into `out`, each correlated with the one before: corr(out_k, out_l) = correlation^|k - l|. */
export function fillAutoregressive(stream: Stream, correlation: number, out: Float64Array): Float64Array {
  const innovation = Math.sqrt(1 - correlation * correlation)
  for (let k = 0; k < out.length; k++)
    out[k] = k === 0 ? standardNormal(stream) : correlation * out[k - 1] + innovation * standardNormal(stream)
  return out
}
