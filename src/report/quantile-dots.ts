import { sortedQuantile } from '../../diagnostics/convergence/primitives/sorted-quantile.js'

/** One of equally likely values, in a stack. */
export interface QuantileDot {
  /** The quantile itself. */
  readonly value: number
  /** Middle of its stack, and place in it from 0. */
  readonly x: number
  readonly level: number
}

/** `count` equally likely values of a distribution, (i - 1/2) / count quantiles of its draws, ascending; values that are not finite are left out. */
export function dotQuantiles(draws: Float64Array, count: number): number[] {
  const sorted = draws.filter(Number.isFinite).sort()
  if (sorted.length === 0) return []
  return Array.from({ length: count }, (_, dot) => sortedQuantile(sorted, (dot + 0.5) / count))
}

/**
 * Dots in stacks of the given width, each stack in the middle of the values that it holds: a quantile dot plot (Kay et al. 2016, 10.1145/2858036.2858558;
 * Wilkinson 1999, 10.1080/00031305.1999.10474474).
 * @param values ascending
 */
export function stackDots(values: readonly number[], width: number): QuantileDot[] {
  const dots: QuantileDot[] = []
  for (let first = 0; first < values.length; ) {
    let last = first
    while (last + 1 < values.length && values[last + 1] - values[first] < width) last++
    const x = (values[first] + values[last]) / 2
    for (let at = first; at <= last; at++) dots.push({ value: values[at], x, level: at - first })
    first = last + 1
  }
  return dots
}
