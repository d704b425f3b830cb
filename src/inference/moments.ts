/** Running mean and sums of squared deviations, or of their products, of vectors (Welford 1962, doi 10.2307/1266577). Changed in place. */
export interface Moments {
  readonly kind: 'diagonal' | 'dense'
  count: number
  /** `[dimension]` */
  readonly mean: Float64Array
  /** Sums of squared deviations from the mean, `[dimension]`, or of products of deviations, lower triangle of `[dimension, dimension]`. */
  readonly deviation: Float64Array
}

export function createMoments(kind: Moments['kind'], dimension: number): Moments {
  const size = kind === 'diagonal' ? dimension : dimension * dimension
  return { kind, count: 0, mean: new Float64Array(dimension), deviation: new Float64Array(size) }
}

export function addVector(moments: Moments, vector: Float64Array): void {
  moments.count++
  if (moments.kind === 'diagonal') addToDiagonal(moments, vector)
  else addToTriangle(moments, vector)
}

function addToDiagonal({ mean, deviation, count }: Moments, vector: Float64Array): void {
  for (let i = 0; i < mean.length; i++) {
    const difference = vector[i] - mean[i]
    mean[i] += difference / count
    deviation[i] += difference * (vector[i] - mean[i])
  }
}

/** Deviations from the old mean times (count - 1) / count are those from the new one. */
function addToTriangle({ mean, deviation, count }: Moments, vector: Float64Array): void {
  const dimension = mean.length
  const weight = (count - 1) / count
  for (let row = 0; row < dimension; row++) {
    const scaled = weight * (vector[row] - mean[row])
    for (let column = 0; column <= row; column++) deviation[row * dimension + column] += scaled * (vector[column] - mean[column])
  }
  for (let i = 0; i < dimension; i++) mean[i] += (vector[i] - mean[i]) / count
}

/** The moments of two samples together (Chan, Golub and LeVeque 1983, doi 10.1080/00031305.1983.10483115), in arrays of their own. */
export function mergeMoments(one: Moments, other: Moments): Moments {
  const { kind } = one
  const dimension = one.mean.length
  const count = one.count + other.count
  const share = count === 0 ? 0 : other.count / count
  const difference = other.mean.map((value, i) => value - one.mean[i])
  const mean = one.mean.map((value, i) => value + share * difference[i])
  const deviation = one.deviation.map((value, i) => value + other.deviation[i])
  const weight = share * one.count
  for (let row = 0; row < dimension; row++) {
    const scaled = weight * difference[row]
    if (kind === 'diagonal') deviation[row] += scaled * difference[row]
    else for (let column = 0; column <= row; column++) deviation[row * dimension + column] += scaled * difference[column]
  }
  return { kind, count, mean, deviation }
}

/** Sample variance (denominator n - 1) of one coordinate. */
export function varianceOf({ kind, count, mean, deviation }: Moments, coordinate: number): number {
  return deviation[kind === 'diagonal' ? coordinate : coordinate * (mean.length + 1)] / (count - 1)
}
