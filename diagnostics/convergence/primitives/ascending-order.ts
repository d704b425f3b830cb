/**
 * Positions of the values from smallest to largest, equal ones in their order: bottom-up merge sort, O(n log n).
 * Cheaper than sorting the values and searching the place of each. The values must not include NaN.
 */
export function ascendingOrder(values: Float64Array): Uint32Array {
  let runs: Runs = { values: values.slice(), order: Uint32Array.from(values, (_, index) => index) }
  let merged: Runs = { values: new Float64Array(values.length), order: new Uint32Array(values.length) }
  for (let width = 1; width < values.length; width *= 2) {
    for (let start = 0; start < values.length; start += 2 * width) merge(runs, merged, start, width)
    ;[runs, merged] = [merged, runs]
  }
  return runs.order
}

/** Values move with their positions, so that none has to be looked up. */
interface Runs {
  readonly values: Float64Array
  readonly order: Uint32Array
}

/** Merges two neighbouring ordered runs of this width. */
function merge({ values, order }: Runs, merged: Runs, start: number, width: number): void {
  const middle = Math.min(start + width, order.length)
  const end = Math.min(start + 2 * width, order.length)
  let left = start
  let right = middle
  for (let index = start; index < end; index++) {
    const takesLeft = left < middle && (right >= end || values[left] <= values[right])
    const from = takesLeft ? left++ : right++
    merged.values[index] = values[from]
    merged.order[index] = order[from]
  }
}
