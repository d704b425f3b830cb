import type { FailedApproximation, Fit } from '../contract/analysis.js'
import type { ApproximateFit } from '../contract/first-stage-model.js'
import { RunError } from '../errors/run-error.js'
import { counted } from '../inference/approximation/counted.js'
import type { ConditionedModel } from '../language/condition.js'
import { type ApproximateSettings, approximateConditioned } from './approximate.js'

export interface FallbackSettings extends Omit<ApproximateSettings, keyof ApproximateFit>, ApproximateFit {
  readonly onFallback?: (failed: FailedApproximation) => void
}

/**
 * Approximates; and where the plan has a fallback and the approximation cannot be found or fails a check, samples instead. The fit then says what failed, and its
 * gradients and seconds are those of both.
 * @param sample fits the same model by NUTS
 * @throws what `approximateConditioned` and `sample` throw, except that no approximation was found when there is a fallback.
 */
export async function approximateOrSample(
  conditioned: ConditionedModel,
  settings: FallbackSettings,
  sample: () => Promise<Fit>,
): Promise<Fit> {
  if (settings.fallback === undefined) return approximateConditioned(conditioned, settings)
  const outcome = await attempt(conditioned, settings)
  if (!('reason' in outcome)) return outcome
  settings.onFallback?.(outcome)
  const sampled = await sample()
  return {
    ...sampled,
    fallbackFrom: outcome,
    gradientCount: sampled.gradientCount + outcome.gradientCount,
    seconds: sampled.seconds + outcome.seconds,
  }
}

async function attempt(conditioned: ConditionedModel, settings: ApproximateSettings): Promise<Fit | FailedApproximation> {
  const { algorithm } = settings
  const start = performance.now()
  const { inputs, setInputs } = conditioned.logDensity
  const logDensity = Object.assign(counted(conditioned.logDensity), { inputs, setInputs })
  try {
    const fit = await approximateConditioned({ ...conditioned, logDensity }, settings)
    return fit.diagnosis.status === 'passed' ? fit : failureOf(fit, algorithm)
  } catch (error) {
    if (!(error instanceof RunError)) throw error
    const seconds = (performance.now() - start) / 1000
    return { algorithm, reason: error.details.problem, gradientCount: logDensity.count, seconds }
  }
}

function failureOf({ diagnosis, gradientCount, seconds }: Fit, algorithm: FailedApproximation['algorithm']): FailedApproximation {
  const failed = diagnosis.checks.filter(({ status }) => status === 'failed')
  const paretoK = diagnosis.checks.find(({ name }) => name === 'pareto-k')?.worst?.value
  const reasons = failed.map(({ title, worst, cutOff, message }) =>
    worst && cutOff !== undefined
      ? `${title}: ${worst.value.toPrecision(3)}, cut-off ${cutOff.toPrecision(2)}`
      : `${title}: ${message}`,
  )
  return { algorithm, reason: reasons.join('; '), ...(paretoK !== undefined && { paretoK }), gradientCount, seconds }
}
