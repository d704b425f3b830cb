import type { Analysis, EffectSummary } from '../../contract/analysis.js'
import { type Html, html } from '../html.js'
import { controlName, describePerson, intervalKind, outcomeName, treatedName, unitSuffix } from '../labels.js'
import { decimalsFor, formatInterval, formatNumber, formatProbability, probabilityInWords } from '../number-format.js'
import { summaryFor } from '../patient-data.js'

/** The answer for the reference patient, the first of the profiles: a sentence, then the figures that it is made of. */
export function answerSection(analysis: Analysis): Html {
  const [reference] = analysis.profileEffects
  const average = reference && summaryFor(reference, 'average')
  if (!average) return html``
  const { protocol } = analysis
  const decimals = decimalsFor(average.sd)
  const unit = unitSuffix(protocol)
  const newSetting = summaryFor(reference, 'new-setting')
  return html`<section aria-labelledby="answer"><h2 id="answer">The effect for the reference patient</h2>
<p class="answer">For the ${reference.person.id} (${describePerson(reference.person, protocol)}), the effect of ${treatedName(protocol)} rather than ${controlName(protocol)} on ${outcomeName(protocol)}
is <strong>${formatNumber(average.mean, decimals)}${unit}</strong> in the average setting (95% ${intervalKind(analysis)} interval ${formatInterval(average, decimals)})${newSetting && html` and lies between ${formatNumber(newSetting.lower, decimals)} and ${formatNumber(newSetting.upper, decimals)} in a new setting with a probability of 95%`}.
It is a benefit with a probability of <strong>${probabilityInWords(average.probabilityBenefit)}</strong>${protocol.smallestImportantEffect > 0 && html`, and a benefit of at least ${String(protocol.smallestImportantEffect)}${unit} with a probability of <strong>${probabilityInWords(average.probabilityImportant)}</strong>`}.${analysis.pooled.isConfidence && html` These probabilities are read from a confidence distribution: degrees of confidence, not of belief.`}</p>
${reference.flags.length > 0 && html`<p class="bad">Extrapolation: ${reference.flags.join('; ')}.</p>`}
${facts(analysis, average, newSetting)}
<p class="small muted">${outcomeDirection(analysis)} Effects are differences in the mean outcome between ${treatedName(protocol)} and ${controlName(protocol)} for people with the same covariates.</p></section>`
}

function facts(analysis: Analysis, average: EffectSummary, newSetting: EffectSummary | undefined): Html {
  const { protocol } = analysis
  const decimals = decimalsFor(average.sd)
  const unit = unitSuffix(protocol)
  const hasThreshold = protocol.smallestImportantEffect > 0
  const important = `Benefit of at least ${protocol.smallestImportantEffect}${unit}`
  const inNewSetting = (probability: number | undefined) =>
    probability !== undefined && html`<small>${formatProbability(probability)} in a new setting</small>`
  return html`<dl class="facts">
<div><dt>Average setting</dt><dd>${formatNumber(average.mean, decimals)}${unit}<small>95% ${intervalKind(analysis)} interval<br>${formatInterval(average, decimals)}</small></dd></div>
${newSetting && html`<div><dt>New setting</dt><dd>${formatNumber(newSetting.mean, decimals)}${unit}<small>95% prediction interval<br>${formatInterval(newSetting, decimals)}</small></dd></div>`}
<div><dt>Probability of benefit</dt><dd>${formatProbability(average.probabilityBenefit)}${inNewSetting(newSetting?.probabilityBenefit)}</dd></div>
${hasThreshold && html`<div><dt>${important}</dt><dd>${formatProbability(average.probabilityImportant)}${inNewSetting(newSetting?.probabilityImportant)}</dd></div>`}
</dl>`
}

function outcomeDirection({ protocol }: Analysis): string {
  const isHigher = protocol.outcome.better === 'higher'
  return `${isHigher ? 'Higher' : 'Lower'} values of ${outcomeName(protocol)} are better, so a ${isHigher ? 'positive' : 'negative'} effect is a benefit.`
}
