/**
 * Quantiles of type 7 of Hyndman and Fan (1996, doi 10.1080/00031305.1996.10473566) by selection (Hoare 1961, doi 10.1145/366622.366647) in
 * place of sorting: about ten times as fast for a few quantiles of thousands of draws, which effects of thousands of patients need.
 *
 * @param values Finite, at least one. Rearranged.
 * @param probabilities Ascending, in [0, 1].
 */
export function selectQuantiles(values: Float64Array, probabilities: readonly number[]): number[] {
  let left = 0
  return probabilities.map((probability) => {
    const position = (values.length - 1) * probability
    const rank = Math.floor(position)
    select(values, rank, left)
    left = rank
    const weight = position - rank
    if (weight === 0) return values[rank]
    let next = values[rank + 1]
    for (let index = rank + 2; index < values.length; index++) if (values[index] < next) next = values[index]
    return values[rank] === next ? next : (1 - weight) * values[rank] + weight * next
  })
}

/** Moves the element of that rank to its place in ascending order, smaller ones before it and larger ones behind it. */
function select(values: Float64Array, rank: number, from: number): void {
  let left = from
  let right = values.length - 1
  while (left < right) {
    const pivot = medianOfThree(values[left], values[(left + right) >> 1], values[right])
    let low = left
    let high = right
    while (low <= high) {
      while (values[low] < pivot) low++
      while (values[high] > pivot) high--
      if (low > high) break
      const held = values[low]
      values[low++] = values[high]
      values[high--] = held
    }
    if (rank <= high) right = high
    else if (rank >= low) left = low
    else return
  }
}

function medianOfThree(first: number, second: number, third: number): number {
  return Math.max(Math.min(first, second), Math.min(Math.max(first, second), third))
}
