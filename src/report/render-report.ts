import type { Analysis } from '../contract/analysis.js'
import { html, trusted } from './html.js'
import { controlName, outcomeName, treatedName } from './labels.js'
import { heterogeneitySection, interactionsSection, referenceForestSection } from './sections/across-trials.js'
import { answerSection } from './sections/answer.js'
import { diagnosticsSection } from './sections/diagnostics.js'
import { inclusionSection } from './sections/inclusion.js'
import { cautionSection, methodsSection } from './sections/methods.js'
import { patientsSection } from './sections/patients.js'
import { heterogeneitySensitivitySection } from './sections/prior-of-heterogeneity.js'
import { profilesSection } from './sections/profiles.js'
import { provenanceSection } from './sections/provenance.js'
import { trialInfluenceSection } from './sections/trial-influence.js'
import { trialsSection } from './sections/trials.js'
import { notesSection, verdictSection, warningsSection } from './sections/verdict.js'
import { style } from './style.js'

/** What the page may load: its own styles and pictures, no script, nothing from elsewhere. */
const contentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

/** The whole analysis as one HTML page that needs no other file, no network and no script. */
export function renderReport(analysis: Analysis): string {
  const { protocol } = analysis
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
${trialsSection(analysis)}
${referenceForestSection(analysis)}
${interactionsSection(analysis)}
${inclusionSection(analysis)}
${heterogeneitySection(analysis)}
${heterogeneitySensitivitySection(analysis)}
${trialInfluenceSection(analysis)}
${patientsSection(analysis)}
${profilesSection(analysis)}
${diagnosticsSection(analysis)}
${notesSection(analysis)}
${methodsSection(analysis)}
${cautionSection()}
</main>
<footer>${provenanceSection(analysis)}</footer></body></html>
`.text
}
