/**
 * All 2^m ways in which m coefficients v with the prior pi N(0, slab^2) + (1 - pi) N(0, spike^2) can come from slab or spike, each with its weight
 *
 *     log w = sum_k {log prior probability + log(precision_k) / 2} - log|M + D| / 2 + r'(M + D)^-1 r / 2
 *
 * where M and r are those of the likelihood, exp(r'v - v'M v / 2), and D is the diagonal of the prior precisions that the pattern says. One coefficient is
 * eliminated at a time, and patterns that begin alike share the work: it comes to a few operations a pattern (George and McCulloch 1993,
 * DOI 10.1080/01621459.1993.10476353, for the model).
 */
export interface SlabPrior {
  readonly slabScale: number
  readonly spikeScale: number
  readonly slabProbability: number
}

export interface SlabPatterns {
  /** Bit k of the index says whether coefficient k comes from the slab: of the latest `weigh`. `[2^m]` */
  readonly logWeights: Float64Array
  /** @param precision M, its lower triangle @returns log of the sum of all weights */
  weigh(precision: Float64Array, moment: Float64Array): number
}

export function slabPatterns(count: number, { slabScale, spikeScale, slabProbability }: SlabPrior): SlabPatterns {
  const precisions = [1 / spikeScale ** 2, 1 / slabScale ** 2]
  const logPriors = [Math.log1p(-slabProbability) - Math.log(spikeScale), Math.log(slabProbability) - Math.log(slabScale)]
  const logWeights = new Float64Array(2 ** count)
  const matrices = Array.from({ length: count + 1 }, (_, level) => new Float64Array((count - level) ** 2))
  const vectors = Array.from({ length: count + 1 }, (_, level) => new Float64Array(count - level))

  /** Eliminates the last of the coefficients that are left, so that what remains stays in place. */
  function descend(level: number, pattern: number, logWeight: number): void {
    const left = count - level
    if (left === 0) {
      logWeights[pattern] = logWeight
      return
    }
    const [matrix, vector, next, nextVector] = [matrices[level], vectors[level], matrices[level + 1], vectors[level + 1]]
    const last = left - 1
    const lastRow = last * left
    for (let isSlab = 0; isSlab < 2; isSlab++) {
      const pivot = matrix[lastRow + last] + precisions[isSlab]
      const ratio = vector[last] / pivot
      for (let row = 0; row < last; row++) {
        const weight = matrix[lastRow + row] / pivot
        nextVector[row] = vector[row] - matrix[lastRow + row] * ratio
        for (let column = 0; column <= row; column++)
          next[row * last + column] = matrix[row * left + column] - weight * matrix[lastRow + column]
      }
      const gain = logPriors[isSlab] + (vector[last] * ratio - Math.log(pivot)) / 2
      descend(level + 1, pattern + isSlab * 2 ** last, logWeight + gain)
    }
  }

  return {
    logWeights,
    weigh(precision, moment) {
      matrices[0].set(precision)
      vectors[0].set(moment)
      descend(0, 0, 0)
      return logSumExp(logWeights)
    },
  }
}

/** Beyond what float64 adds to 1. */
const NEGLIGIBLE = 40

export function logSumExp(logs: Float64Array): number {
  let largest = Number.NEGATIVE_INFINITY
  for (let index = 0; index < logs.length; index++) if (logs[index] > largest) largest = logs[index]
  let sum = 0
  for (let index = 0; index < logs.length; index++) if (logs[index] > largest - NEGLIGIBLE) sum += Math.exp(logs[index] - largest)
  return largest + Math.log(sum)
}

/** The pattern at which the cumulative weight passes that probability. */
export function patternAt(logWeights: Float64Array, logSum: number, probability: number): number {
  let rest = probability
  let latest = 0
  for (let pattern = 0; pattern < logWeights.length; pattern++) {
    const log = logWeights[pattern] - logSum
    if (log < -NEGLIGIBLE) continue
    latest = pattern
    rest -= Math.exp(log)
    if (rest < 0) return pattern
  }
  return latest
}
