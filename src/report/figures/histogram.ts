export interface DensityBin {
  readonly from: number
  readonly to: number
  /** Share of all values divided by the width of the bin. */
  readonly density: number
}

/** Number of bins over the range of that many values, by the rule of Rice, from 8 to 40. */
export function binCountFor(valueCount: number): number {
  return Math.min(40, Math.max(8, Math.ceil(2 * Math.cbrt(valueCount))))
}

/** Density of the values in `count` equal bins of `[low, high]`; values outside count in the denominator only. */
export function densityBins(values: ArrayLike<number>, [low, high]: readonly [number, number], count: number): DensityBin[] {
  const width = (high - low) / count
  const counts = new Float64Array(count)
  for (let index = 0; index < values.length; index++) {
    const position = Math.floor((values[index] - low) / width)
    const bin = values[index] === high ? count - 1 : position
    if (bin >= 0 && bin < count) counts[bin]++
  }
  return Array.from(counts, (inside, bin) => ({
    from: low + bin * width,
    to: low + (bin + 1) * width,
    density: inside / (values.length * width),
  }))
}

/** The bins as a line with steps that begins and ends at zero. */
export function stepLine(bins: readonly DensityBin[]): { x: number; y: number }[] {
  return [
    { x: bins[0].from, y: 0 },
    ...bins.flatMap(({ from, to, density }) => [
      { x: from, y: density },
      { x: to, y: density },
    ]),
    { x: bins[bins.length - 1].to, y: 0 },
  ]
}
