import type { Analysis, EffectSummary, PersonEffect, Target } from '../../contract/analysis.js'
import { responsiveFigure } from '../figure-element.js'
import { benefitProbabilityFigure, benefitShares, likelyAbove, unlikelyBelow } from '../figures/benefit-probability.js'
import { type Html, html } from '../html.js'
import { key } from '../key.js'
import { smallestImportantLabel } from '../labels.js'
import { formatCount, formatShare } from '../number-format.js'
import { patientsByEffect, summaryFor } from '../patient-data.js'
import { table } from '../table.js'

type ProbabilityName = 'probabilityBenefit' | 'probabilityImportant'

/** Who is likely to benefit: the curve of probabilities, and the shares of patients for each target that the analysis holds. */
export function probabilityOfBenefit({ protocol }: Analysis, patients: readonly PersonEffect[]): Html {
  const kinds: { name: ProbabilityName; label: string }[] = [
    { name: 'probabilityBenefit', label: 'any benefit' },
    ...(protocol.smallestImportantEffect > 0
      ? [
          {
            name: 'probabilityImportant' as const,
            label: `benefit of at least ${smallestImportantLabel(protocol)}`,
          },
        ]
      : []),
  ]
  const curves = kinds.map(({ name, label }) => ({ label, probabilities: probabilities(patients, 'average', name) }))
  return html`${responsiveFigure(
    (width) =>
      benefitProbabilityFigure(
        { curves, ariaLabel: `Share of ${patients.length} patients whose probability of benefit is at least p` },
        width,
      ),
    {
      lead: html`<h3>Who is likely to benefit</h3>${key(curves.map((curve, index) => [index === 0 ? 'solid line' : 'dashed line', curve.label]))}`,
      caption: `Share of the patients whose posterior probability of benefit in the average setting is at least p. Shaded: probabilities under ${unlikelyBelow} and over ${likelyAbove}.`,
      data: {
        caption: 'Share of patients with at least this probability',
        columns: [{ title: 'p', numeric: true }, ...curves.map((curve) => ({ title: curve.label, numeric: true }))],
        rows: Array.from({ length: 11 }, (_, step) => [
          (step / 10).toFixed(1),
          ...curves.map((curve) => formatShare(shareAtLeast(curve.probabilities, step / 10))),
        ]),
      },
    },
  )}
${sharesTable(patients, kinds)}`
}

/** One paragraph for a clinician: shares of the analysed patients by their probability of benefit in the average setting. */
export function whoBenefitsSection(analysis: Analysis): Html {
  const { protocol } = analysis
  const patients = patientsByEffect(analysis)
  if (patients.length === 0) return html``
  const sentence = (name: ProbabilityName, what: string) => {
    const { unlikely, uncertain, likely } = benefitShares(probabilities(patients, 'average', name))
    return html`${what} is likely (probability over ${likelyAbove}) for <strong>${formatShare(likely)}</strong>, unlikely (under ${unlikelyBelow}) for <strong>${formatShare(unlikely)}</strong>, and open for ${formatShare(uncertain)}.`
  }
  return html`<section aria-labelledby="who"><h2 id="who">Who benefits?</h2>
<p>Of the ${formatCount(patients.length)} patients of the trials, in the average setting: ${sentence('probabilityBenefit', 'a benefit')}${protocol.smallestImportantEffect > 0 && html` ${sentence('probabilityImportant', `A benefit of at least ${smallestImportantLabel(protocol)}`)}`} The <a href="#patients">analyst's part</a> shows every patient.</p></section>`
}

function probabilities(patients: readonly PersonEffect[], target: Target, name: ProbabilityName): Float64Array {
  const summaries = patients
    .map((patient) => summaryFor(patient, target))
    .filter((summary): summary is EffectSummary => summary !== undefined)
  return Float64Array.from(summaries, (summary) => summary[name]).sort()
}

function shareAtLeast(sorted: Float64Array, probability: number): number {
  return sorted.filter((value) => value >= probability).length / sorted.length
}

const targetNames: Readonly<Record<Target, string>> = {
  average: 'in the average setting',
  'new-setting': 'in a new setting',
  'existing-trial': "in the patient's own trial",
}

function sharesTable(patients: readonly PersonEffect[], kinds: readonly { name: ProbabilityName; label: string }[]): Html {
  const targets = (Object.keys(targetNames) as Target[]).filter((target) =>
    patients.every((patient) => summaryFor(patient, target)),
  )
  return table(
    'Share of patients by probability of benefit',
    [
      { title: 'Benefit' },
      { title: `under ${unlikelyBelow}`, numeric: true },
      { title: `${unlikelyBelow} to ${likelyAbove}`, numeric: true },
      { title: `over ${likelyAbove}`, numeric: true },
    ],
    kinds.flatMap(({ name, label }) =>
      targets.map((target) => {
        const { unlikely, uncertain, likely } = benefitShares(probabilities(patients, target, name))
        return [`${label} ${targetNames[target]}`, formatShare(unlikely), formatShare(uncertain), formatShare(likely)]
      }),
    ),
  )
}
