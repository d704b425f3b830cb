import type { LogDensity } from '../contract/log-density.js'
import type { Stream } from '../contract/stream.js'
import { hmc, type TrajectoryLength } from './hmc.js'
import { nativeNuts } from './native/native-nuts.js'
import { nuts } from './nuts.js'
import type { GradientState } from './state.js'
import type { HamiltonianInfo, TunedSettings } from './transition.js'

/** What the user chooses about transitions; warmup tunes the rest. */
export interface TransitionOptions {
  /** Default: `nuts`. */
  readonly algorithm?: 'nuts' | 'hmc'
  /** For `nuts`: at most 2^maximumTreeDepth - 1 leapfrog steps. */
  readonly maximumTreeDepth: number
  /** For `hmc`. Default: a time of pi/2, which carries a standard normal to an independent point. */
  readonly trajectoryLength?: TrajectoryLength
  /** For `hmc`, in [0, 1): see `HmcSettings.lengthJitter`. Default: 0.2, arbitrary, so that no direction has that period. */
  readonly trajectoryJitter?: number
  /** In [0, 1): each transition multiplies the step size by a number uniform on (1 - jitter, 1 + jitter). Default: 0. */
  readonly stepSizeJitter?: number
}

export type Transition = (
  stream: Stream,
  state: GradientState,
  logDensity: LogDensity,
  tuned: TunedSettings,
) => { readonly state: GradientState; readonly info: HamiltonianInfo }

/** The transition of these options for this log density as it is now, with work space of its own. */
export function createTransition(logDensity: LogDensity, options: TransitionOptions): Transition {
  const { stepSizeJitter = 0 } = options
  const step = algorithmOf(logDensity, options)
  if (stepSizeJitter === 0) return step
  return (stream, state, logDensity, { stepSize, metric }) => {
    const factor = 1 + stepSizeJitter * (2 * stream.uniform() - 1)
    return step(stream, state, logDensity, { stepSize: factor * stepSize, metric })
  }
}

function algorithmOf(logDensity: LogDensity, options: TransitionOptions): Transition {
  const { dimension } = logDensity
  const {
    algorithm,
    maximumTreeDepth,
    trajectoryLength: length = { time: Math.PI / 2 },
    trajectoryJitter: lengthJitter = 0.2,
  } = options
  if (algorithm === 'hmc') {
    const { step } = hmc(dimension)
    return (stream, state, logDensity, tuned) => step(stream, state, logDensity, { ...tuned, length, lengthJitter })
  }
  const native = nativeNuts(logDensity, maximumTreeDepth)
  if (native) return native
  const { step } = nuts(dimension)
  return (stream, state, logDensity, tuned) => step(stream, state, logDensity, { ...tuned, maximumTreeDepth })
}
