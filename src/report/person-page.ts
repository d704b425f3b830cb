import type { Provenance, Warning } from '../contract/analysis.js'
import { html, trusted } from './html.js'
import { controlName, outcomeName, treatedName } from './labels.js'
import { contentSecurityPolicy } from './page-policy.js'
import type { PersonEvidence } from './person-evidence.js'
import { effectAnswer } from './sections/answer.js'
import { individualCaution } from './sections/methods.js'
import { aboutSection } from './sections/person/about.js'
import { effectDotsSection } from './sections/person/effect-dots.js'
import { outcomesSection } from './sections/person/outcomes.js'
import { runVerdictSection } from './sections/person/run-verdict.js'
import { personForestSection, whichTrialsSection } from './sections/person/trials.js'
import { sentence } from './sentence.js'
import { style } from './style.js'

/** What the person's page takes from the analysis besides the numbers: whether it can be relied on, and where it came from. */
export interface AnalysisStanding {
  readonly status: 'passed' | 'failed'
  /** Fits that failed, with the titles of the checks. */
  readonly failed: readonly { readonly name: string; readonly checks: readonly string[] }[]
  readonly warnings: readonly Warning[]
  readonly methods: { readonly firstStage: string; readonly secondStage: string }
  readonly provenance: Pick<Provenance, 'version' | 'protocolHash' | 'seed' | 'finishedAt'>
}

/** One person's effect as a page that needs no other file, no network and no script. */
export function renderPersonPage(evidence: PersonEvidence, standing: AnalysisStanding): string {
  const { protocol, person, effect, isConfidence } = evidence
  const { provenance, methods } = standing
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy}">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${person.id}: ${protocol.title}</title>
<style>${trusted(style)}</style></head>
<body><header><h1>Effect of ${treatedName(protocol)} for ${person.id}</h1>
<p class="subtitle">${outcomeName(protocol)}, ${treatedName(protocol)} against ${controlName(protocol)}, from the analysis “${protocol.title}”</p>
${runVerdictSection(standing)}</header>
<main>
<section aria-labelledby="answer"><h2 id="answer">The answer</h2>
${effectAnswer(effect, protocol, isConfidence ? 'confidence' : 'credible')}</section>
${effectDotsSection(evidence)}
${outcomesSection(evidence)}
${aboutSection(evidence)}
${whichTrialsSection(evidence)}
${personForestSection(evidence)}
${individualCaution()}
</main>
<footer><section aria-labelledby="provenance"><h2 id="provenance">Where this comes from</h2>
<p class="small"><strong>First stage.</strong> ${sentence(methods.firstStage)} <strong>Second stage.</strong> ${sentence(methods.secondStage)}</p>
<p class="small">poolite ${provenance.version}, analysis finished ${provenance.finishedAt}, seed ${String(provenance.seed)}, protocol SHA-256 <code>${provenance.protocolHash}</code>. The report of the analysis has diagnostics, sensitivity and sources.</p></section></footer></body></html>
`.text
}
