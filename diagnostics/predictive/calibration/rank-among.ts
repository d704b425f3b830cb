import type { Stream } from '../../../src/contract/stream.js'

/**
 * Rank of a value among draws, 0 to their number: how many lie below, ties broken at random, so that the rank of one more draw
 * from the same distribution is uniform even when that is discrete (Modrak et al. 2023, 10.1214/23-BA1404). NaN sorts above
 * everything.
 */
export function rankAmong(stream: Stream, value: number, draws: ArrayLike<number>): number {
  let below = 0
  let equal = 0
  for (let index = 0; index < draws.length; index++) {
    if (Object.is(draws[index], value) || draws[index] === value) equal++
    else if (draws[index] < value || Number.isNaN(value)) below++
  }
  return below + Math.floor(stream.uniform() * (equal + 1))
}
