import { type Diagnosis, diagnose } from '../../diagnostics/convergence/diagnose.js'
import { diagnoseApproximation } from '../../diagnostics/convergence/diagnose-approximation.js'
import { diagnosisText } from '../../diagnostics/convergence/diagnosis-text.js'
import { summaryTable } from '../draws/print.js'
import { DiagnosticsError } from '../errors/diagnostics-error.js'
import { loadFits } from './load-fits.js'
import type { LoadedFit, SourceOptions } from './loaded-fit.js'
import type { Terminal } from './terminal.js'

export interface SummariseOptions extends SourceOptions {
  readonly strict?: boolean
  readonly json?: boolean
}

/** `poolite summarise`: the columns of posterior's `summarise_draws` and the diagnosis, of a run or of any files of draws. */
export async function summarise(sources: readonly string[], options: SummariseOptions, terminal: Terminal): Promise<void> {
  const fits = (await loadFits(sources, options)).map((fit) => ({ fit, diagnosis: diagnosisOf(fit) }))
  if (options.json) terminal.data(`${JSON.stringify({ fits: fits.map(record) })}\n`)
  else terminal.data(`${fits.map(text).join('\n\n')}\n`)
  const failed = fits.filter(({ diagnosis }) => diagnosis.status === 'failed').map(({ fit }) => fit.name)
  if (options.strict && failed.length > 0) {
    const remedy = 'Run longer chains or look at the figures of `poolite plot`. Without --strict this is a warning.'
    const failure = new DiagnosticsError({ problem: `diagnostics failed: ${failed.join(', ')}`, remedy })
    terminal.talk(`poolite: ${failure.message}\n`)
    terminal.exitStatus = failure.exitStatus
  }
}

interface Judged {
  readonly fit: LoadedFit
  readonly diagnosis: Diagnosis
}

function diagnosisOf({ draws, sampler, maximumTreeDepth, approximation }: LoadedFit): Diagnosis {
  const { chainCount, drawCount } = draws
  const proposals = sampler?.variables.find(({ name }) => name === 'proposal')?.values
  if (approximation && proposals) return diagnoseApproximation(draws, proposals, approximation)
  return diagnose(
    draws,
    sampler ?? { chainCount, drawCount, variables: [] },
    maximumTreeDepth === undefined ? {} : { maximumTreeDepth },
  )
}

function text({ fit, diagnosis }: Judged): string {
  const { chainCount, drawCount } = fit.draws
  const chains = `${chainCount} ${chainCount === 1 ? 'chain' : 'chains'} of ${drawCount} ${drawCount === 1 ? 'draw' : 'draws'}`
  return `${fit.name}: ${chains}\n\n${summaryTable(diagnosis.summary)}\n\n${diagnosisText(diagnosis)}`
}

/** Numbers that are not defined become null in JSON. */
function record({ fit, diagnosis }: Judged): object {
  const { chainCount, drawCount } = fit.draws
  return { name: fit.name, chainCount, drawCount, ...diagnosis }
}
