import { UsageError } from '../errors/usage-error.js'

export interface ChainSettings {
  readonly chainCount: number
  /** Warmup transitions per chain, not kept. */
  readonly warmupCount: number
  /** Draws per chain. */
  readonly drawCount: number
  /** In (0, 1): higher means smaller steps. */
  readonly targetAcceptance: number
  readonly maximumTreeDepth: number
}

/** @throws UsageError naming the first setting that is out of range. */
export function checkChainSettings(settings: ChainSettings): void {
  checkInteger('chainCount', settings.chainCount, 1)
  checkInteger('warmupCount', settings.warmupCount, 0)
  checkInteger('drawCount', settings.drawCount, 1)
  checkInteger('maximumTreeDepth', settings.maximumTreeDepth, 1, 20)
  const { targetAcceptance } = settings
  if (!(targetAcceptance > 0 && targetAcceptance < 1))
    throw outOfRange('targetAcceptance', targetAcceptance, 'a number between 0 and 1, such as 0.8')
}

function checkInteger(name: keyof ChainSettings, value: number, least: number, greatest = Number.MAX_SAFE_INTEGER): void {
  if (Number.isSafeInteger(value) && value >= least && value <= greatest) return
  throw outOfRange(
    name,
    value,
    `an integer ${greatest < Number.MAX_SAFE_INTEGER ? `from ${least} to ${greatest}` : `of at least ${least}`}`,
  )
}

function outOfRange(name: keyof ChainSettings, value: number, expected: string): UsageError {
  return new UsageError({ problem: `${name} is ${value}`, remedy: `Give ${expected}.` })
}
