import type { Analysis } from '../contract/analysis.js'
import { type Html, html, trusted } from './html.js'
import { controlName, outcomeName, treatedName } from './labels.js'
import { contentSecurityPolicy } from './page-policy.js'
import { heterogeneitySection, interactionsSection, referenceForestSection } from './sections/across-trials.js'
import { answerSection } from './sections/answer.js'
import { diagnosticsSection } from './sections/diagnostics.js'
import { inclusionSection } from './sections/inclusion.js'
import { leakSection } from './sections/leak.js'
import { leaveTrialOutSection } from './sections/leave-trial-out.js'
import { cautionSection, methodsSection } from './sections/methods.js'
import { patientsSection } from './sections/patients.js'
import { heterogeneitySensitivitySection } from './sections/prior-of-heterogeneity.js'
import { priorPosteriorSection } from './sections/prior-posterior.js'
import { whoBenefitsSection } from './sections/probability-of-benefit.js'
import { profilesSection } from './sections/profiles.js'
import { provenanceSection } from './sections/provenance.js'
import { trialInfluenceSection } from './sections/trial-influence.js'
import { trialsSection } from './sections/trials.js'
import { notesSection, verdictSection, warningsSection } from './sections/verdict.js'
import { weightsSection } from './sections/weights.js'
import { style } from './style.js'

/** The whole analysis as one HTML page that needs no other file, no network and no script. */
export function renderReport(analysis: Analysis): string {
  const { protocol } = analysis
  const sections = analystSections(analysis)
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy}">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${protocol.title}</title>
<style>${trusted(style)}</style></head>
<body><header><h1>${protocol.title}</h1>
<p class="subtitle">${treatedName(protocol)} against ${controlName(protocol)}: individualised effects on ${outcomeName(protocol)}</p>
${verdictSection(analysis)}
${warningsSection(analysis)}</header>
<main>
${answerSection(analysis)}
${whoBenefitsSection(analysis)}
${profilesSection(analysis)}
${cautionSection()}
${contents(sections)}
${sections}
</main>
<footer>${provenanceSection(analysis)}</footer></body></html>
`.text
}

/** What an analyst looks for, in the order of the questions: who was studied, what was found, how far it holds, how it was done. */
function analystSections(analysis: Analysis): Html[] {
  return [
    trialsSection(analysis),
    referenceForestSection(analysis),
    interactionsSection(analysis),
    inclusionSection(analysis),
    patientsSection(analysis),
    heterogeneitySection(analysis),
    heterogeneitySensitivitySection(analysis),
    priorPosteriorSection(analysis),
    weightsSection(analysis),
    trialInfluenceSection(analysis),
    leaveTrialOutSection(analysis),
    leakSection(analysis),
    diagnosticsSection(analysis),
    notesSection(analysis),
    methodsSection(analysis),
  ]
}

/** The heading of the analyst's part, with links to what it holds. */
function contents(sections: readonly Html[]): Html {
  const headings = sections.flatMap(({ text }) => [...text.matchAll(/<h2 id="([\w-]+)">([^<]*)<\/h2>/g)])
  return html`<nav class="part" aria-labelledby="analyst"><h2 id="analyst">For the analyst</h2>
<ul>${headings.map(([, id, title]) => html`<li><a href="#${id}">${trusted(title)}</a></li>`)}</ul></nav>`
}
