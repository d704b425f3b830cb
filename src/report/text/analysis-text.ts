import type { Analysis } from '../../contract/analysis.js'
import { counted } from '../../data/wording.js'
import { resultText } from './effects-text.js'
import { verdictOf } from './verdict.js'
import { warningsText } from './warnings-text.js'

/** An analysis: the verdicts of its fits, what the reader must know, then the effects. Ends in a line feed. */
export function analysisText(analysis: Analysis): string {
  const { protocol, trialFits, warnings } = analysis
  const patientCount = trialFits.reduce((sum, { trial }) => sum + trial.outcome.length, 0)
  const important = warnings.filter(({ severity }) => severity === 'important')
  return [
    `${protocol.title}: ${counted(trialFits.length, 'trial')}, ${counted(patientCount, 'patient')}`,
    verdictOf(analysis).text,
    ...(important.length > 0 ? [warningsText(important)] : []),
    '',
    resultText(analysis),
  ].join('\n')
}
