/**
 * Who is held out when: one trial at a time (internal-external cross-validation, Royston, Parmar and Sylvester 2004, 10.1002/sim.1691; Steyerberg and Harrell 2016,
 * 10.1016/j.jclinepi.2015.04.005), or groups of trials where there are more than `mostFolds`. Within the training trials the same again, in at most 10 groups, for the
 * choice that the held-out trial then judges.
 */

export interface Fold {
  /** Held out, by place. */
  readonly held: readonly number[]
  /** All others. */
  readonly training: readonly number[]
  /** Of the training trials: those held out of an inner fold, and those left to pool. Empty with fewer than two to pool. */
  readonly inner: readonly Omit<Fold, 'inner'>[]
}

const MOST_INNER_FOLDS = 10
const LEAST_TRAINING = 2

/** Every so manieth trial together, so that neighbours are apart. Inner folds are made of the others whole, so that two folds leave out the same pairs. */
export function validationFolds(trialCount: number, mostFolds: number): Fold[] {
  const groups = split(
    Array.from({ length: trialCount }, (_, trial) => [trial]),
    mostFolds,
  )
  return groups.map((held, fold) => {
    const others = groups.filter((_, other) => other !== fold)
    const innerGroups = split(others, MOST_INNER_FOLDS)
    const inner = innerGroups.map((own) => ({ held: own, training: without(others.flat(), own) }))
    const isPossible = inner.length > 1 && inner.every(({ training }) => training.length >= LEAST_TRAINING)
    return { held, training: others.flat().sort(ascending), inner: isPossible ? inner : [] }
  })
}

function split(parts: readonly (readonly number[])[], most: number): number[][] {
  const count = Math.min(parts.length, most)
  return Array.from({ length: count }, (_, group) => parts.filter((__, place) => place % count === group).flat())
}

const without = (trials: readonly number[], held: readonly number[]): number[] =>
  trials.filter((trial) => !held.includes(trial)).sort(ascending)

const ascending = (first: number, second: number): number => first - second
