import type { Validation } from '../validation/validation.js'
import { type Html, html, trusted } from './html.js'
import { controlName, outcomeName, treatedName } from './labels.js'
import { formatSignificant } from './number-format.js'
import { contentSecurityPolicy } from './page-policy.js'
import { style } from './style.js'
import { table } from './table.js'
import { candidateFigures, gainFigure } from './validation/figures.js'
import { type ScoreColumn, scoreColumns } from './validation/score-columns.js'

/** A validation as one HTML page that needs no other file: the recommendation first, then the scores, their figures and how they were made. */
export function renderValidation(validation: Validation): string {
  const { protocol, candidates, recommendation } = validation
  const unit = protocol.outcome.unit ?? 'units of the outcome'
  const order = [recommendation.candidate, ...candidates.keys()].filter((place, at, all) => all.indexOf(place) === at)
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy}">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>Validation: ${protocol.title}</title>
<style>${trusted(style)}</style></head>
<body><header><h1>Validation: ${protocol.title}</h1>
<p class="subtitle">${treatedName(protocol)} against ${controlName(protocol)}: which method predicts individualised effects on ${outcomeName(protocol)}</p>
${verdict(validation)}
${warnings(validation)}</header>
<main>
${scores(validation)}
<section aria-labelledby="gain"><h2 id="gain">Gain over a constant effect</h2>
${gainFigure(validation, `${unit}, squared`)}</section>
${order.map((place) => {
  const figures = candidateFigures(candidates[place], unit)
  return (
    figures &&
    html`<section aria-labelledby="candidate-${place}"><h2 id="candidate-${place}">${candidates[place].name}</h2>${figures}</section>`
  )
})}
${failures(validation)}
${choices(validation)}
${methods(validation)}
</main>
<footer>${provenance(validation)}</footer></body></html>
`.text
}

function verdict({ recommendation: { kind, text } }: Validation): Html {
  const title = { clear: 'Recommendation', uncertain: 'No clear winner', constant: 'No method beats a constant effect' }[kind]
  return html`<section class="notice ${kind === 'clear' ? 'passed' : 'warning'}" aria-labelledby="recommendation"><h2 id="recommendation">${title}</h2><p>${text}</p></section>`
}

function warnings({ warnings: all }: Validation): Html | undefined {
  if (all.length === 0) return undefined
  return html`<section class="notice warning" aria-labelledby="warnings"><h2 id="warnings">Before you believe these scores</h2>
<ul>${all.map(({ message }) => html`<li>${message}</li>`)}</ul></section>`
}

function scores({ candidates, trials, protocol: { outcome } }: Validation): Html {
  const patients = trials.reduce((sum, { patientCount }) => sum + patientCount, 0)
  const scoreTable = (caption: string, about: ScoreColumn['about']) => {
    const columns = scoreColumns.filter((column) => column.about === about)
    return table(
      caption,
      [{ title: 'Method' }, ...columns.map(({ title }) => ({ title, numeric: true }))],
      candidates.map((candidate) => [candidate.name, ...columns.map(({ cell }) => cell(candidate))]),
    )
  }
  return html`<section aria-labelledby="scores"><h2 id="scores">Scores in held-out trials</h2>
<p>Each of ${trials.length} trials (${patients} patients) was predicted from the others. Scores are pooled over trials, with 95% intervals; benefit is turned so that larger is better (${outcome.better} outcomes are better).</p>
${scoreTable('How right the predictions are', 'predictions')}
${scoreTable('What the predictions are good for', 'decisions')}
<details><summary>What the scores mean</summary><ul>${scoreColumns.map(({ title, meaning }) => html`<li><strong>${title}</strong>: ${meaning}.</li>`)}</ul></details></section>`
}

function failures({ candidates, trials }: Validation): Html | undefined {
  const rows = candidates.flatMap(({ name, failures: own }) =>
    own.map(({ study, reason }) => [name, study ?? `all ${trials.length}`, reason]),
  )
  if (rows.length === 0) return undefined
  return html`<section aria-labelledby="failures"><h2 id="failures">What failed</h2>
${table('Trials without a score', [{ title: 'Method' }, { title: 'Held out' }, { title: 'Reason' }], rows)}</section>`
}

function choices({ nested, trials, candidates }: Validation): Html | undefined {
  if (!nested) return undefined
  return html`<section aria-labelledby="choices"><h2 id="choices">The choice, repeated without each trial</h2>
<p>The same choice among the methods was made from the other trials alone, and its prediction scored in the trial left out: an honest score of choosing.</p>
${table(
  'Chosen without the trial',
  [{ title: 'Held out' }, { title: 'Chosen' }, { title: 'Gain over constant', numeric: true }],
  trials.map(({ study }, trial) => [
    study,
    candidates[nested.chosen[trial]].name,
    formatSignificant(candidates[nested.chosen[trial]].trials[trial]?.gain.estimate ?? Number.NaN),
  ]),
)}</section>`
}

function methods({ candidates, foldCount, trials }: Validation): Html {
  const who = foldCount === trials.length ? 'Trials were held out one at a time' : `Trials were held out in ${foldCount} groups`
  return html`<section aria-labelledby="methods"><h2 id="methods">Methods</h2>
<p>${who} (internal-external cross-validation). Each trial was fitted once by each first stage; the second stage was repeated without the held-out trials. Predictions are means for a new setting. The criterion is the R-loss with the known allocation (Nie and Wager 2021, doi 10.1093/biomet/asaa076), with the expected outcome of each patient from a cross-fitted ridge regression within the held-out trial. Scores were pooled by random-effects meta-analysis (restricted maximum likelihood, intervals of Hartung and Knapp). Recommended is the largest pooled gain after shrinkage towards none by its error. Folds share training trials, which no interval here knows.</p>
<ul>${candidates.map(({ name, methods: { firstStage, secondStage } }) => html`<li><strong>${name}</strong>: first stage ${firstStage}; second stage ${secondStage}.</li>`)}</ul></section>`
}

function provenance({ provenance: record }: Validation): Html {
  const rows: (readonly [string, string | Html])[] = [
    ['poolite', record.version],
    ['Protocol, SHA-256', html`<code>${record.protocolHash}</code>`],
    ...(record.dataFile === undefined ? [] : [['Data', record.dataFile] as const]),
    ...(record.dataHash === undefined ? [] : [['Data, SHA-256', html`<code>${record.dataHash}</code>`] as const]),
    ['Seed', String(record.seed)],
    ['Node', record.node],
    ['Finished', `${record.finishedAt}, after ${formatSignificant(record.seconds)} seconds`],
  ]
  return html`<section aria-labelledby="provenance"><h2 id="provenance">Provenance</h2>
${table('The same seed, protocol, data and version give the same numbers', [{ title: 'What' }, { title: 'Value' }], rows)}</section>`
}
