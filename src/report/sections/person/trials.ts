import { effectiveTrialCount } from '../../../effects/extrapolation.js'
import { responsiveFigure } from '../../figure-element.js'
import { forestFigure } from '../../figures/forest.js'
import { trialWeightsFigure } from '../../figures/trial-weights.js'
import { type Content, type Html, html } from '../../html.js'
import { formatCount, formatNumber, formatShare } from '../../number-format.js'
import type { PersonEvidence, TrialEvidence } from '../../person-evidence.js'
import { type TableColumn, table } from '../../table.js'
import { forestKey, forestTable } from '../across-trials.js'

/** The person's effect in each trial: what the trial says alone, and in the light of all. */
export function personForestSection({ forest, isConfidence, person }: PersonEvidence): Html {
  const rowHeight = forest.rows.length > 20 ? 22 : 30
  return html`<section aria-labelledby="settings"><h2 id="settings">The effect in each setting</h2>
${responsiveFigure((width) => forestFigure(forest, { width, hasNumbers: width > 500, rowHeight }), {
  lead: forestKey(isConfidence ? 'confidence' : 'credible'),
  caption:
    'All intervals 95%. Square: what the trial alone says about a person like this. Dot: the same trial in the light of all trials.',
  data: forestTable(forest, `Effect for ${person.id}, mean and 95% interval`),
})}</section>`
}

/** Weights, shrinkage and distance of each trial. */
export function whichTrialsSection(evidence: PersonEvidence): Html {
  const { trials } = evidence
  const weights = trials.flatMap(({ weight }) => (weight === undefined ? [] : [weight]))
  return html`<section aria-labelledby="weights"><h2 id="weights">Which trials speak</h2>
<p>${weights.length > 0 && `The effect rests on ${formatNumber(effectiveTrialCount(weights), 1)} of ${trials.length} trials in effect. `}${nearness(evidence)}</p>
${
  weights.length > 0 &&
  responsiveFigure(
    (width) =>
      trialWeightsFigure(
        {
          studies: trials.map(({ study }) => study),
          people: [{ label: evidence.person.id, weights }],
          ariaLabel: `Share of each of ${trials.length} trials in the effect for ${evidence.person.id}`,
        },
        width,
      ),
    {
      caption: 'Share of each trial in the effect in the average setting.',
      data: {
        caption: 'Share of each trial',
        columns: [{ title: 'Trial' }, { title: 'Share', numeric: true }],
        rows: trials.map(({ study, weight }) => [study, formatShare(weight!)]),
      },
    },
  )
}
${table(
  'What each trial says about this person',
  trialColumns(trials),
  trials.map((trial) => trialCells(trial, trials)),
)}
<p class="small muted">Pulled: how far the trial's own effect is moved to the average of all, from 0% (the trial speaks for itself) to 100% (it says nothing of its own).${trials[0]?.distance !== undefined && ` Distance: Mahalanobis distance of the person's modifiers from the mean of the trial's patients; 99 of 100 of its own patients lie within about ${formatNumber(evidence.farDistance, 1)}.`}</p></section>`
}

function nearness({ trials }: PersonEvidence): Html | string {
  const known = trials.filter(({ distance }) => distance !== undefined)
  if (known.length === 0)
    return 'How far this person is from the patients of the trials cannot be said: this run was written before that was kept. Run the analysis again.'
  const near = known.filter(({ isFar }) => !isFar).length
  if (near === known.length) return `All ${known.length} trials had patients like this person.`
  if (near === 0)
    return html`<span class="bad">! No trial had patients like this person</span>: the effect is an extrapolation by the model.`
  return html`${String(near)} of ${String(known.length)} trials had patients like this person.`
}

function trialColumns([first]: readonly TrialEvidence[]): TableColumn[] {
  return [
    { title: 'Trial' },
    { title: 'Patients', numeric: true },
    ...(first?.weight === undefined ? [] : [{ title: 'Share', numeric: true }]),
    { title: 'Pulled', numeric: true },
    ...(first?.distance === undefined ? [] : [{ title: 'Distance', numeric: true }, { title: 'Patients like this person' }]),
  ]
}

function trialCells(trial: TrialEvidence, [first]: readonly TrialEvidence[]): Content[] {
  const { study, patientCount, weight, shrinkage, distance, isFar } = trial
  return [
    study,
    formatCount(patientCount),
    ...(first.weight === undefined ? [] : [formatShare(weight!)]),
    formatShare(shrinkage),
    ...(first.distance === undefined
      ? []
      : [formatNumber(distance!, 1), isFar ? html`<span class="bad">! hardly any</span>` : 'yes']),
  ]
}
