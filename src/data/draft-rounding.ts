import { quantileSorted } from 'd3-array'

/** A number to that many significant digits. */
export function significant(value: number, digits: number): number {
  return Number(value.toPrecision(digits))
}

/** A location rounded to a power of ten that is at most a tenth of the scale: the rounding shifts nothing that matters. */
export function roundedCentre(centre: number, scale: number): number {
  return roundedTo(centre, 10 ** Math.floor(Math.log10(scale / 10)))
}

/**
 * A generous range in round numbers: from the 2nd and 98th percentiles a quarter of their distance further out on either side, then on by
 * that distance until all values lie inside; bounds that values keep to (0, 1, 100) are kept. It shows no single patient's value.
 */
export function generousRange(values: readonly number[]): [number, number] {
  const { low, high, smallest, largest } = extent(values)
  const spread = high > low ? high - low : Math.max(Math.abs(high), 1)
  const step = roundStep(spread / 5)
  let [lower, upper] = [roundedTo(low - spread / 4, step, Math.floor), roundedTo(high + spread / 4, step, Math.ceil)]
  while (smallest < lower) lower = roundedTo(lower - spread, step, Math.floor)
  while (largest > upper) upper = roundedTo(upper + spread, step, Math.ceil)
  if (smallest >= 0) lower = Math.max(lower, 0)
  if (smallest >= 0 && (largest === 1 || largest === 100)) upper = largest
  return [lower, upper]
}

/** Values further from the middle 96% than three times its width, which stretch the range: slips of the pen, or codes for missing. */
export function farOutTest(values: readonly number[]): (value: number) => boolean {
  const { low, high } = extent(values)
  return (value) => value < low - 3 * (high - low) || value > high + 3 * (high - low)
}

/** 2nd and 98th percentile, smallest and largest value. */
function extent(values: readonly number[]) {
  const sorted = [...values].sort((first, second) => first - second)
  return {
    low: quantileSorted(sorted, 0.02) ?? 0,
    high: quantileSorted(sorted, 0.98) ?? 0,
    smallest: sorted[0],
    largest: sorted[sorted.length - 1],
  }
}

/** 1, 2 or 5 times a power of ten, not above the size. */
function roundStep(size: number): number {
  const power = 10 ** Math.floor(Math.log10(size))
  return [5, 2, 1].find((factor) => factor * power <= size)! * power
}

function roundedTo(value: number, step: number, round: (value: number) => number = Math.round): number {
  return Number((round(Number((value / step).toPrecision(12))) * step).toPrecision(12))
}
