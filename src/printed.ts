import type { Analysis, Fit } from './contract/analysis.js'
import { printable } from './draws/printable.js'
import { asText } from './report/text/as-text.js'

/** Makes a value print as `asText` says it, in consoles and notebooks. Returns the value itself. */
export const printed = <Value extends object>(value: Value): Value => printable(value, asText)

/** The same for a fit and the draws that it holds. */
export function printedFit(fit: Fit): Fit {
  for (const part of [fit.draws, fit.sampler, fit.diagnosis]) printed(part)
  return printed(fit)
}

/** The same for an analysis and all that it holds. */
export function printedAnalysis(analysis: Analysis): Analysis {
  for (const fit of [analysis.pooled, ...analysis.trialFits.map((one) => one.fit)]) printedFit(fit)
  return printed(analysis)
}
