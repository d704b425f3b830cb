/**
 * P-values adjusted for their number by Holm's step-down method (1979, Scandinavian Journal of Statistics 6:65): rejecting those
 * at most alpha keeps the chance of any false rejection at most alpha, however they depend on each other. In the order given.
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, index) => index).sort((a, b) => pValues[a] - pValues[b])
  const adjusted = new Array<number>(pValues.length)
  let largest = 0
  order.forEach((index, position) => {
    largest = Math.max(largest, Math.min(1, (pValues.length - position) * pValues[index]))
    adjusted[index] = largest
  })
  return adjusted
}
