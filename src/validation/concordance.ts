/**
 * C-for-benefit (van Klaveren et al. 2018, 10.1016/j.jclinepi.2017.10.021): treated and control patients are paired in order of predicted benefit; among two pairs
 * with different outcome differences, the probability that the pair with the larger predicted benefit has the larger difference, equal predictions counting
 * half. Where arms differ in size, evenly spaced patients of the larger one are paired.
 *
 * Not a proper score: it depends on the pairing and on how the two potential outcomes of a person go together, which nobody can know (Xia et al. 2023,
 * 10.1186/s41512-023-00147-z). To be shown, never chosen by.
 */
import type { HeldOutTrial } from './held-out-trial.js'

/** NaN when no two pairs differ. @param predicted benefit, `[patient]` */
export function concordanceForBenefit({ residual, treatment }: HeldOutTrial, predicted: Float64Array): number {
  const pairs = pairUp(residual, treatment, predicted)
  const order = pairs.sort((first, second) => first.predicted - second.predicted)
  const ranks = denseRanks(order.map(({ observed }) => observed))
  const seen = counter(order.length)
  let [concordant, tied, comparable] = [0, 0, 0]
  for (let start = 0; start < order.length; ) {
    let end = start
    while (end < order.length && order[end].predicted === order[start].predicted) end++
    for (let index = start; index < end; index++) {
      const below = seen.below(ranks[index])
      concordant += below
      comparable += below + start - seen.below(ranks[index] + 1)
      for (let other = start; other < index; other++) if (ranks[other] !== ranks[index]) tied++
    }
    for (let index = start; index < end; index++) seen.add(ranks[index])
    start = end
  }
  return (concordant + tied / 2) / (comparable + tied)
}

interface Pair {
  readonly predicted: number
  readonly observed: number
}

function pairUp(residual: Float64Array, treatment: Float64Array, predicted: Float64Array): Pair[] {
  const armOf = (arm: number) =>
    Array.from(residual.keys())
      .filter((patient) => treatment[patient] === arm)
      .sort((first, second) => predicted[first] - predicted[second] || first - second)
  const [control, treated] = [armOf(0), armOf(1)]
  const count = Math.min(control.length, treated.length)
  const chosen = (arm: readonly number[], index: number) => arm[Math.floor(((index + 0.5) * arm.length) / count)]
  return Array.from({ length: count }, (_, index) => {
    const [without, given] = [chosen(control, index), chosen(treated, index)]
    return { predicted: (predicted[without] + predicted[given]) / 2, observed: residual[given] - residual[without] }
  })
}

/** 0 for the smallest value; equal values share a rank. */
function denseRanks(values: readonly number[]): number[] {
  const distinct = [...new Set(values)].sort((first, second) => first - second)
  const rank = new Map(distinct.map((value, index) => [value, index]))
  return values.map((value) => rank.get(value)!)
}

/** Counts of ranks added so far, cumulative (Fenwick 1994, 10.1002/spe.4380240306). */
function counter(size: number) {
  const tree = new Float64Array(size + 1)
  return {
    add(rank: number): void {
      for (let node = rank + 1; node <= size; node += node & -node) tree[node]++
    },
    below(rank: number): number {
      let sum = 0
      for (let node = rank; node > 0; node -= node & -node) sum += tree[node]
      return sum
    },
  }
}
