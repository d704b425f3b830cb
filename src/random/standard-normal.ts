import type { Stream } from '../contract/stream.js'
import { normalQuantile } from '../numeric/normal-quantile.js'

/**
 * Standard normal draw by inversion: the quantile of one uniform (Wichura 1988, 10.2307/2347330). One uniform per draw and nothing kept
 * between calls, so that a restored stream continues exactly; at most 8.3 in size.
 */
export function standardNormal(stream: Stream): number {
  return normalQuantile(stream.uniform())
}
