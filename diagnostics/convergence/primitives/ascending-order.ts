/**
 * Positions of the values from smallest to largest, equal ones in their order: bottom-up merge sort, O(n log n).
 * Cheaper than sorting the values and searching the place of each. The values must not include NaN.
 */
export function ascendingOrder(values: Float64Array): Uint32Array {
  let order = Uint32Array.from(values, (_, index) => index)
  let merged = new Uint32Array(values.length)
  for (let width = 1; width < values.length; width *= 2) {
    for (let start = 0; start < values.length; start += 2 * width) merge(values, order, merged, start, width)
    ;[order, merged] = [merged, order]
  }
  return order
}

/** Merges two neighbouring ordered runs of this width. */
function merge(values: Float64Array, order: Uint32Array, merged: Uint32Array, start: number, width: number): void {
  const middle = Math.min(start + width, order.length)
  const end = Math.min(start + 2 * width, order.length)
  let left = start
  let right = middle
  for (let index = start; index < end; index++) {
    const takesLeft = left < middle && (right >= end || values[order[left]] <= values[order[right]])
    merged[index] = takesLeft ? order[left++] : order[right++]
  }
}
