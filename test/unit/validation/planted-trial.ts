import type { Stream } from '../../../src/contract/stream.js'
import { drawNormal } from '../../../src/random/normal.js'
import { stream } from '../../../src/random/stream.js'
import { type HeldOutTrial, heldOutTrial } from '../../../src/validation/held-out-trial.js'

export interface PlantedTrial {
  readonly trial: HeldOutTrial
  /** tau(x), `[patient]` */
  readonly effect: Float64Array
}

/** y = prognosis + t tau + error, tau = mean + spread z with z standard normal; m(x) is the truth unless `isRaw`. */
export function plantedTrial(
  seed: number,
  {
    size = 2000,
    share = 0.5,
    mean = 0.5,
    spread = 1,
    noise = 1,
    isRaw = false,
  }: { size?: number; share?: number; mean?: number; spread?: number; noise?: number; isRaw?: boolean } = {},
): PlantedTrial {
  const source: Stream = stream(seed, 'planted-trial')
  const effect = new Float64Array(size)
  const outcome = new Float64Array(size)
  const treatment = new Float64Array(size)
  const expected = new Float64Array(size)
  for (let patient = 0; patient < size; patient++) {
    const prognosis = drawNormal(source)
    effect[patient] = drawNormal(source, mean, spread)
    treatment[patient] = source.uniform() < share ? 1 : 0
    outcome[patient] = prognosis + treatment[patient] * effect[patient] + noise * drawNormal(source)
    expected[patient] = isRaw ? 0 : prognosis + share * effect[patient]
  }
  return { trial: heldOutTrial(outcome, treatment, expected), effect }
}

/** The same values in another order, which no longer says anything about the patients. */
export function shuffled(values: Float64Array, seed: number): Float64Array {
  const source = stream(seed, 'shuffled')
  const mixed = values.slice()
  for (let last = mixed.length - 1; last > 0; last--) {
    const other = Math.floor((last + 1) * source.uniform())
    ;[mixed[last], mixed[other]] = [mixed[other], mixed[last]]
  }
  return mixed
}
