import type { Check } from '../../../diagnostics/convergence/diagnose.js'
import type { Analysis, Fit } from '../../contract/analysis.js'
import { type Html, html } from '../html.js'
import { formatSignificant } from '../number-format.js'

interface NamedFit {
  readonly name: string
  readonly fit: Fit
}

/** Every fit of the analysis: the pooled one first, then the trials'. */
export function namedFits({ trialFits, pooled }: Analysis): NamedFit[] {
  return [{ name: 'pooled model', fit: pooled }, ...trialFits.map(({ trial, fit }) => ({ name: `trial ${trial.study}`, fit }))]
}

/** The first thing to read: whether the draws of every fit can be relied on, and if not, which cannot, why, and what to do. */
export function verdictSection(analysis: Analysis): Html {
  const fits = namedFits(analysis)
  const failed = fits.filter(({ fit }) => fit.diagnosis.status === 'failed')
  if (failed.length > 0) return failedVerdict(failed, fits.length)
  const notAssessed = [
    ...new Set(
      fits.flatMap(({ fit }) =>
        fit.diagnosis.checks.filter((check) => check.status === 'not-assessed').map((check) => inSentence(check.title)),
      ),
    ),
  ]
  return html`<section class="notice passed" aria-labelledby="verdict"><h2 id="verdict">✓ Diagnostics passed</h2>
<p>The draws of the pooled model and of ${trialCount(fits.length - 1)} passed every check that was made${notAssessed.length > 0 && html` (not assessed: ${notAssessed.join(', ')})`}.
The <a href="#diagnostics">table of diagnostics</a> has the figures.</p></section>`
}

/** `tree depth`; abbreviations keep their capitals: `E-BFMI`. */
const inSentence = (title: string) => title.replace(/^[A-Z](?=[a-z])/, (first) => first.toLowerCase())

function failedVerdict(failed: readonly NamedFit[], fitCount: number): Html {
  const names = [...new Set(failed.flatMap(({ fit }) => failedChecks(fit).map((check) => check.name)))]
  return html`<section class="notice failed" aria-labelledby="verdict"><h2 id="verdict">✕ Diagnostics failed: do not rely on these results yet</h2>
<p>${failed.length} of ${fitCount} fits failed at least one check.</p>
<ul>${names.map((name) => failureItem(name, failed))}</ul></section>`
}

/** One check: what it found in the first fit that failed it, which says what to do, and in short the other fits that failed it. */
function failureItem(checkName: string, failed: readonly NamedFit[]): Html {
  const failures = failed.flatMap(({ name, fit }) =>
    failedChecks(fit)
      .filter((check) => check.name === checkName)
      .map((check) => ({ name, check })),
  )
  const [first, ...others] = failures
  return html`<li><strong>${first.check.title}: ${first.name}.</strong> ${first.check.message}${
    others.length > 0 &&
    html` <em>It failed too in ${others.map(({ name, check }, index) => html`${index > 0 && ', '}${name}${worstText(check)}`)}.</em>`
  }</li>`
}

export function failedChecks(fit: Fit): Check[] {
  return fit.diagnosis.checks.filter((check) => check.status === 'failed')
}

function worstText({ worst }: Check): string {
  return worst ? ` (${worst.name}: ${formatSignificant(worst.value, 4)})` : ''
}

function trialCount(count: number): string {
  return count === 1 ? 'the one trial' : `all ${count} trials`
}

/** What the reader must know before believing a number; nothing when there is no such warning. */
export function warningsSection({ warnings }: Analysis): Html {
  const important = warnings.filter((warning) => warning.severity === 'important')
  if (important.length === 0) return html``
  return html`<section class="notice warning" aria-labelledby="warnings"><h2 id="warnings">! Before believing a number</h2>
<ul>${important.map((warning) => html`<li>${warning.message}</li>`)}</ul></section>`
}

/** Warnings of lesser weight. */
export function notesSection({ warnings }: Analysis): Html {
  const notes = warnings.filter((warning) => warning.severity === 'note')
  if (notes.length === 0) return html``
  return html`<section><h3>Notes</h3><ul>${notes.map((warning) => html`<li>${warning.message}</li>`)}</ul></section>`
}
