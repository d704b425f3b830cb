import { type Html, html } from '../../html.js'
import type { AnalysisStanding } from '../../person-page.js'

/** First of all: whether the analysis behind the page can be relied on, and what its reader was warned of. */
export function runVerdictSection({ status, failed, warnings }: AnalysisStanding): Html {
  const important = warnings.filter(({ severity }) => severity === 'important')
  const verdict =
    status === 'failed'
      ? html`<section class="notice failed" aria-labelledby="verdict"><h2 id="verdict">✕ Diagnostics failed: do not rely on this page yet</h2>
<p>Fits of the analysis behind it failed checks: ${failed.map(({ name, checks }) => `${name} (${checks.join(', ')})`).join('; ')}. Its report says what to do.</p></section>`
      : html`<section class="notice passed" aria-labelledby="verdict"><h2 id="verdict">✓ Diagnostics passed</h2>
<p>All fits of the analysis behind this page passed the checks that were made.</p></section>`
  return html`${verdict}${
    important.length > 0 &&
    html`<section class="notice warning" aria-labelledby="warnings"><h2 id="warnings">! Before believing a number</h2>
<ul>${important.map(({ message }) => html`<li>${message}</li>`)}</ul></section>`
  }`
}
