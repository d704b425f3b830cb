/**
 * Simultaneous band for the ranks of one chain among the draws of all: the number of the chain's `n` draws among the `t` lowest of all `S`
 * follows the hypergeometric distribution when the chains have the same distribution and draws are independent. The band holds the whole
 * path t -> X(t) at the given thresholds with at least the given probability; its pointwise level is found by bisection, with the
 * probability of the path computed exactly by forward recursion (after Saeilynoja, Buerkner and Vehtari 2022,
 * 10.1007/s11222-021-10090-6, who do this for one uniform sample and simulate for several).
 */
export interface RankBand {
  /** Least and greatest count at each threshold. `[threshold]` */
  readonly lower: readonly number[]
  readonly upper: readonly number[]
}

const bisections = 14

/**
 * @param thresholds ascending, between 0 and `total`. `[threshold]`
 * @param coverage probability that the whole path lies in the band.
 */
export function rankBand(chainDraws: number, total: number, thresholds: readonly number[], coverage: number): RankBand {
  const logFactorial = logFactorials(total)
  let [narrow, wide] = [0, 1 - coverage]
  let best = pointwise(chainDraws, total, thresholds, narrow, logFactorial)
  for (let step = 0; step < bisections; step++) {
    const level = (narrow + wide) / 2
    const band = pointwise(chainDraws, total, thresholds, level, logFactorial)
    if (pathProbability(chainDraws, total, thresholds, band, logFactorial) >= coverage) {
      narrow = level
      best = band
    } else wide = level
  }
  return best
}

/** At each threshold the counts that leave at most half the level outside on either side. */
function pointwise(n: number, total: number, thresholds: readonly number[], level: number, logFactorial: Float64Array): RankBand {
  const tails = thresholds.map((threshold) => {
    const [least, greatest] = [Math.max(0, n + threshold - total), Math.min(n, threshold)]
    const mass = (count: number) => Math.exp(logMass(total, n, threshold, count, logFactorial))
    return [firstWithin(least, greatest, 1, mass, level / 2), firstWithin(greatest, least, -1, mass, level / 2)]
  })
  return { lower: tails.map(([lower]) => lower), upper: tails.map(([, upper]) => upper) }
}

function firstWithin(from: number, to: number, step: number, mass: (count: number) => number, allowed: number): number {
  let outside = 0
  for (let count = from; count !== to; count += step) {
    outside += mass(count)
    if (outside > allowed) return count
  }
  return to
}

/** Probability that the counts lie in the band at all thresholds. */
export function pathProbability(
  n: number,
  total: number,
  thresholds: readonly number[],
  { lower, upper }: RankBand,
  logFactorial: Float64Array = logFactorials(total),
): number {
  let previous = { threshold: 0, first: 0, mass: Float64Array.of(1) }
  thresholds.forEach((threshold, index) => {
    const [first, last] = [lower[index], upper[index]]
    const mass = new Float64Array(last - first + 1)
    const drawn = threshold - previous.threshold
    previous.mass.forEach((probability, offset) => {
      const count = previous.first + offset
      const end = Math.min(last, count + drawn, n)
      const start = Math.max(first, count, count + drawn - (total - previous.threshold - (n - count)))
      if (probability < 1e-14 || start > end) return
      const [left, marked] = [total - previous.threshold, n - count]
      let step = Math.exp(logMass(left, marked, drawn, start - count, logFactorial))
      for (let next = start; next <= end; next++) {
        mass[next - first] += probability * step
        const taken = next - count
        step *= ((marked - taken) * (drawn - taken)) / ((taken + 1) * (left - marked - drawn + taken + 1))
      }
    })
    previous = { threshold, first, mass }
  })
  return previous.mass.reduce((sum, probability) => sum + probability, 0)
}

/** Log probability of `count` marked among `drawn` of `total`, of which `marked` are marked; -Infinity where impossible. */
function logMass(total: number, marked: number, drawn: number, count: number, logFactorial: Float64Array): number {
  if (count < 0 || count > marked || count > drawn || drawn - count > total - marked) return -Infinity
  const choose = (from: number, chosen: number) => logFactorial[from] - logFactorial[chosen] - logFactorial[from - chosen]
  return choose(marked, count) + choose(total - marked, drawn - count) - choose(total, drawn)
}

function logFactorials(largest: number): Float64Array {
  const values = new Float64Array(largest + 1)
  for (let value = 2; value <= largest; value++) values[value] = values[value - 1] + Math.log(value)
  return values
}
