import type { Analysis, EffectSummary, PersonEffect } from '../../contract/analysis.js'
import type { Protocol } from '../../data/protocol.js'
import { type Html, html } from '../html.js'
import {
  controlName,
  describePerson,
  intervalKind,
  outcomeName,
  smallestImportantLabel,
  treatedName,
  unitSuffix,
} from '../labels.js'
import { decimalsFor, formatInterval, formatNumber, formatProbability, probabilityInWords } from '../number-format.js'
import { summaryFor } from '../patient-data.js'

/** The answer for the reference patient, the first of the profiles: a sentence, then the figures that it is made of. */
export function answerSection(analysis: Analysis): Html {
  const [reference] = analysis.profileEffects
  if (!reference || !summaryFor(reference, 'average')) return html``
  return html`<section aria-labelledby="answer"><h2 id="answer">The effect for the reference patient</h2>
${effectAnswer(reference, analysis.protocol, intervalKind(analysis))}</section>`
}

/** One person's effect in a sentence, and the figures that it is made of. */
export function effectAnswer(effect: PersonEffect, protocol: Protocol, kind: 'credible' | 'confidence'): Html {
  const average = summaryFor(effect, 'average')
  if (!average) return html``
  const decimals = decimalsFor(average.sd)
  const unit = unitSuffix(protocol)
  const newSetting = summaryFor(effect, 'new-setting')
  const { person, flags } = effect
  return html`<p class="answer">For ${person.kind === 'profile' ? 'the ' : ''}${person.id} (${describePerson(person, protocol)}), the effect of ${treatedName(protocol)} rather than ${controlName(protocol)} on ${outcomeName(protocol)}
is <strong>${formatNumber(average.mean, decimals)}${unit}</strong> in the average setting (95% ${kind} interval ${formatInterval(average, decimals)})${newSetting && html` and lies between ${formatNumber(newSetting.lower, decimals)} and ${formatNumber(newSetting.upper, decimals)} in a new setting with a probability of 95%`}.
It is a benefit with a probability of <strong>${probabilityInWords(average.probabilityBenefit)}</strong>${protocol.smallestImportantEffect > 0 && html`, and a benefit of at least ${smallestImportantLabel(protocol)} with a probability of <strong>${probabilityInWords(average.probabilityImportant)}</strong>`}.${kind === 'confidence' && html` These probabilities are read from a confidence distribution: degrees of confidence, not of belief.`}</p>
${flags.length > 0 && html`<p><span class="bad">! Extrapolation:</span> ${flags.join('; ')}.</p>`}
${facts(protocol, kind, average, newSetting)}
<p class="small muted">${outcomeDirection(protocol)} Effects are differences in the mean outcome between ${treatedName(protocol)} and ${controlName(protocol)} for people with the same covariates.</p>`
}

function facts(
  protocol: Protocol,
  kind: 'credible' | 'confidence',
  average: EffectSummary,
  newSetting: EffectSummary | undefined,
): Html {
  const decimals = decimalsFor(average.sd)
  const unit = unitSuffix(protocol)
  const hasThreshold = protocol.smallestImportantEffect > 0
  const important = `Benefit of at least ${smallestImportantLabel(protocol)}`
  const inNewSetting = (probability: number | undefined) =>
    probability !== undefined && html`<small>${formatProbability(probability)} in a new setting</small>`
  return html`<dl class="facts">
<div><dt>Average setting</dt><dd>${formatNumber(average.mean, decimals)}${unit}<small>95% ${kind} interval<br>${formatInterval(average, decimals)}</small></dd></div>
${newSetting && html`<div><dt>New setting</dt><dd>${formatNumber(newSetting.mean, decimals)}${unit}<small>95% prediction interval<br>${formatInterval(newSetting, decimals)}</small></dd></div>`}
<div><dt>Probability of benefit</dt><dd>${formatProbability(average.probabilityBenefit)}${inNewSetting(newSetting?.probabilityBenefit)}</dd></div>
${hasThreshold && html`<div><dt>${important}</dt><dd>${formatProbability(average.probabilityImportant)}${inNewSetting(newSetting?.probabilityImportant)}</dd></div>`}
</dl>`
}

function outcomeDirection(protocol: Protocol): string {
  const isHigher = protocol.outcome.better === 'higher'
  return `${isHigher ? 'Higher' : 'Lower'} values of ${outcomeName(protocol)} are better, so a ${isHigher ? 'positive' : 'negative'} effect is a benefit.`
}
