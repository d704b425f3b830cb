/**
 * Targeting operator characteristic (Yadlowsky et al. 2025, 10.1080/01621459.2024.2393466): how much larger the effect is among the share u of patients with the
 * largest predicted benefit than in everybody,
 *
 *     TOC(u) = E[tau(x) | prediction among the largest u] - E[tau(x)],      AUTOC = integral of TOC(u) over u,
 *
 * estimated with (t - e)(y - m) / {e (1 - e)} for tau. AUTOC is 0 for a prediction that does not tell patients apart, and positive for one that does. Patients
 * with the same prediction are taken together.
 */
import type { Estimate, HeldOutTrial } from './held-out-trial.js'

export interface TargetingCurve {
  readonly autoc: Estimate
  /** At shares 0.1, 0.2, ... 1. */
  readonly points: readonly { readonly share: number; readonly advantage: number }[]
}

const DECILES = 10

/** @param predicted benefit, `[patient]` */
export function targetingCurve({ pseudoEffect }: HeldOutTrial, predicted: Float64Array): TargetingCurve {
  const size = predicted.length
  const order = Array.from(predicted.keys()).sort((first, second) => predicted[second] - predicted[first])
  const effects = Float64Array.from(order, (patient) => pseudoEffect[patient])
  const overall = effects.reduce((sum, value) => sum + value, 0) / size
  const ends = groupEnds(order.map((patient) => predicted[patient]))
  // Rounding would leave a trace of 1e-15 where nobody is told apart.
  const weights = ends[0] === size ? new Float64Array(size) : autocWeights(ends)
  let [estimate, variance] = [0, 0]
  effects.forEach((effect, place) => {
    estimate += (weights[place] * effect) / size
    variance += ((weights[place] * (effect - overall)) / size) ** 2
  })
  const cumulative = cumulativeMeans(effects)
  return {
    autoc: { estimate, standardError: Math.sqrt(variance) },
    points: Array.from({ length: DECILES }, (_, index) => {
      const share = (index + 1) / DECILES
      const place = Math.max(1, Math.round(share * size))
      return { share, advantage: cumulative[ends[place - 1] - 1] - overall }
    }),
  }
}

/** One past the last place with the same prediction, `[place]`. */
function groupEnds(values: readonly number[]): number[] {
  const ends = new Array<number>(values.length)
  let end = values.length
  for (let place = values.length - 1; place >= 0; place--) {
    if (place + 1 < values.length && values[place] !== values[place + 1]) end = place + 1
    ends[place] = end
  }
  return ends
}

/** What AUTOC weighs the effect of each place with: the sum over later groups of their size over the number of patients up to them, minus 1. */
function autocWeights(ends: readonly number[]): Float64Array {
  const weights = new Float64Array(ends.length)
  let sum = -1
  for (let place = ends.length - 1; place >= 0; place--) {
    sum += 1 / ends[place]
    weights[place] = sum
  }
  // Within a group all have the weight of its first place, which has met all of the group.
  for (let place = 1; place < ends.length; place++) if (ends[place] === ends[place - 1]) weights[place] = weights[place - 1]
  return weights
}

function cumulativeMeans(values: Float64Array): Float64Array {
  let sum = 0
  return values.map((value, place) => {
    sum += value
    return sum / (place + 1)
  })
}
