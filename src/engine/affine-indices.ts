/**
 * A list of indices as a nest of arithmetic progressions: element (i, j, ...) of an array of shape `lengths`, in row-major order, is
 * `start + i steps[0] + j steps[1] + ...`.
 */
export interface AffineIndices {
  readonly start: number
  readonly lengths: readonly number[]
  readonly steps: readonly number[]
}

const DEEPEST = 4

/** Undefined for lists that are no such nest of at most four levels, and for empty ones. */
export function affineIndices(indices: ArrayLike<number>): AffineIndices | undefined {
  const lengths: number[] = []
  const steps: number[] = []
  let rest = Array.from(indices)
  while (rest.length > 1) {
    if (lengths.length === DEEPEST) return undefined
    const step = rest[1] - rest[0]
    let length = 2
    while (length < rest.length && rest[length] - rest[length - 1] === step) length++
    if (rest.length % length !== 0) return undefined
    if (rest.some((index, position) => position % length > 0 && index - rest[position - 1] !== step)) return undefined
    lengths.unshift(length)
    steps.unshift(step)
    rest = rest.filter((_, position) => position % length === 0)
  }
  return rest.length === 0 ? undefined : { start: rest[0], lengths, steps }
}
