import { UsageError } from '../errors/usage-error.js'
import type { StartOptions } from './chain.js'
import type { TransitionOptions } from './transition-kernel.js'
import type { WarmupOptions } from './warmup.js'

/**
 * Warmup transitions per chain are not kept. `targetAcceptance`, in (0, 1): higher means smaller steps.
 */
export interface ChainSettings extends WarmupOptions, TransitionOptions, StartOptions {
  readonly chainCount: number
  /** Draws per chain that are kept. */
  readonly drawCount: number
  /**
   * Transitions for each draw that is kept, 1 when left out: k makes a chain k times as long in the same memory. E-BFMI is then of the energies of
   * the draws kept, which are less alike than those of neighbouring transitions, so that it flatters.
   */
  readonly thin?: number
  /** See `RecordOptions`. */
  readonly pieceDraws?: number
}

/** @throws UsageError naming the first setting that is out of range. */
export function checkChainSettings(settings: ChainSettings): void {
  checkInteger('chainCount', settings.chainCount, 1)
  checkInteger('warmupCount', settings.warmupCount, 0)
  checkInteger('drawCount', settings.drawCount, 1)
  checkInteger('thin', settings.thin ?? 1, 1)
  checkInteger('maximumTreeDepth', settings.maximumTreeDepth, 1, 20)
  const { targetAcceptance } = settings
  if (!(targetAcceptance > 0 && targetAcceptance < 1))
    throw outOfRange('targetAcceptance', targetAcceptance, 'a number between 0 and 1, such as 0.8')
  checkName('algorithm', settings.algorithm, ['nuts', 'hmc'])
  checkName('adaptation', settings.adaptation, ['gradient', 'stan'])
  checkName('metric', settings.metric, ['automatic', 'diagonal', 'dense'])
  checkJitter('stepSizeJitter', settings.stepSizeJitter)
  checkJitter('trajectoryJitter', settings.trajectoryJitter)
  checkTrajectoryLength(settings)
}

function checkTrajectoryLength({ trajectoryLength }: ChainSettings): void {
  if (!trajectoryLength) return
  if ('time' in trajectoryLength) {
    const { time } = trajectoryLength
    if (!(time > 0 && time < Number.POSITIVE_INFINITY))
      throw outOfRange('trajectoryLength', time, 'a positive time, such as 1.57')
  } else checkInteger('trajectoryLength', trajectoryLength.stepCount, 1, 1023)
}

function checkJitter(name: keyof ChainSettings, value = 0): void {
  if (!(value >= 0 && value < 1)) throw outOfRange(name, value, 'a number from 0 to below 1')
}

function checkName(name: keyof ChainSettings, value: string | undefined, names: readonly string[]): void {
  if (value === undefined || names.includes(value)) return
  throw outOfRange(name, `"${value}"`, `one of ${names.join(', ')}`)
}

function checkInteger(name: keyof ChainSettings, value: number, least: number, greatest = Number.MAX_SAFE_INTEGER): void {
  if (Number.isSafeInteger(value) && value >= least && value <= greatest) return
  throw outOfRange(
    name,
    value,
    `an integer ${greatest < Number.MAX_SAFE_INTEGER ? `from ${least} to ${greatest}` : `of at least ${least}`}`,
  )
}

function outOfRange(name: keyof ChainSettings, value: number | string, expected: string): UsageError {
  return new UsageError({ problem: `${name} is ${value}`, remedy: `Give ${expected}.` })
}
