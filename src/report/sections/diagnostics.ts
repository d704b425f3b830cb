import { cutOffs } from '../../../diagnostics/convergence/cut-offs.js'
import type { Finding } from '../../../diagnostics/convergence/diagnose.js'
import type { Analysis, Fit } from '../../contract/analysis.js'
import { type Content, type Html, html } from '../html.js'
import { formatCount, formatNumber, formatSignificant } from '../number-format.js'
import { table } from '../table.js'
import { failedChecks, namedFits } from './verdict.js'

/** Worst value of every diagnostic in every fit; what failed stands in words as well as in colour. */
export function diagnosticsSection(analysis: Analysis): Html {
  return html`<section aria-labelledby="diagnostics"><h2 id="diagnostics">Diagnostics</h2>
<p>Required: R-hat under ${String(cutOffs.rhat)}, bulk and tail effective sample sizes over ${String(cutOffs.effectiveSampleSize)}, no divergences, E‑BFMI over ${String(cutOffs.eBfmi)} in every chain${isPartlyApproximated(analysis) ? `; of an approximation, Pareto k\u2011hat under ${String(cutOffs.paretoK)}` : ''}.${commonEngine(analysis)}</p>
${table(
  'Worst value of each diagnostic, and cost',
  [
    { title: 'Fit' },
    { title: 'Verdict' },
    { title: 'R\u2011hat', numeric: true },
    { title: 'Bulk ESS', numeric: true },
    { title: 'Tail ESS', numeric: true },
    { title: 'Divergences', numeric: true },
    { title: 'E\u2011BFMI', numeric: true },
    ...(isPartlyApproximated(analysis) ? [{ title: 'Pareto k\u2011hat', numeric: true }] : []),
    { title: 'Step size', numeric: true },
    { title: 'Seconds', numeric: true },
    ...(enginesOf(analysis).length > 1 ? [{ title: 'Engine' }] : []),
    { title: 'Highest R\u2011hat in' },
  ],
  namedFits(analysis).map(({ name, fit }) => [
    name.replace(/^trial /, ''),
    verdict(fit),
    ...diagnosticCells(fit, isPartlyApproximated(analysis)),
    ...(enginesOf(analysis).length > 1 ? [engineName(fit)] : []),
    rhatPlace(fit),
  ]),
)}
${fallbackReasons(analysis)}${failedApproximations(analysis)}</section>`
}

function isPartlyApproximated(analysis: Analysis): boolean {
  return namedFits(analysis).some(({ fit }) => fit.algorithm !== undefined && fit.algorithm !== 'exact')
}

/** Distinct engines, the pooled model's first. */
export function enginesOf(analysis: Analysis): string[] {
  const fits = namedFits(analysis).filter(({ fit }) => fit.algorithm !== 'exact')
  return [...new Set(fits.map(({ fit }) => engineName(fit)))]
}

function engineName({ engine }: Fit): string {
  return `${engine.engine}, ${engine.precision}`
}

function commonEngine(analysis: Analysis): string {
  const [first, ...others] = enginesOf(analysis)
  const isPartlyExact = namedFits(analysis).some(({ fit }) => fit.algorithm === 'exact')
  const exact = isPartlyExact ? ' Trials without divergences and step sizes have independent draws.' : ''
  return others.length === 0 ? `${exact} All ${isPartlyExact ? 'other ' : ''}fits ran on the ${first} engine.` : exact
}

function rhatPlace(fit: Fit): Html | undefined {
  const finding = worst(fit, 'rhat')
  return finding && html`<code>${finding.name}</code>`
}

function verdict(fit: Fit): Content {
  return fit.diagnosis.status === 'passed' ? html`✓ passed` : html`<span class="bad">✕ failed</span>`
}

function diagnosticCells(fit: Fit, hasParetoColumn: boolean): Content[] {
  const failed = new Set(failedChecks(fit).map((check) => check.name))
  const cell = (check: string, text: string): Content => (failed.has(check) ? html`<span class="bad">✕ ${text}</span>` : text)
  const value = (finding: Finding | undefined, decimals: number) => formatNumber(finding?.value ?? Number.NaN, decimals)
  return [
    cell('rhat', value(worst(fit, 'rhat'), 3)),
    cell('ess-bulk', formatCount(worst(fit, 'ess-bulk')?.value ?? Number.NaN)),
    cell('ess-tail', formatCount(worst(fit, 'ess-tail')?.value ?? Number.NaN)),
    cell('divergences', divergences(fit)),
    cell('e-bfmi', value(worst(fit, 'e-bfmi'), 2)),
    ...(hasParetoColumn ? [cell('pareto-k', value(worst(fit, 'pareto-k'), 2))] : []),
    stepSizes(fit),
    formatSignificant(fit.seconds),
  ]
}

function worst(fit: Fit, name: string): Finding | undefined {
  return fit.diagnosis.checks.find((check) => check.name === name)?.worst
}

function divergences(fit: Fit): string {
  const check = fit.diagnosis.checks.find((candidate) => candidate.name === 'divergences')
  if (!check || check.status === 'not-assessed') return '–'
  return formatCount(check.failures.reduce((sum, failure) => sum + failure.value, 0))
}

/** Smallest to largest over the chains. */
function stepSizes({ sampler }: Fit): string {
  const steps = sampler.variables.find((variable) => variable.name === 'step_size')?.values
  if (!steps || steps.length === 0) return '–'
  const [low, high] = steps.reduce(([least, most], step) => [Math.min(least, step), Math.max(most, step)], [Infinity, -Infinity])
  const texts = [formatSignificant(low, 2), formatSignificant(high, 2)]
  return texts[0] === texts[1] ? texts[0] : `${texts[0]}–${texts[1]}`
}

function fallbackReasons(analysis: Analysis): Html[] {
  return namedFits(analysis)
    .filter(({ fit }) => fit.engine.fallbackReason !== undefined)
    .map(
      ({ name, fit }) =>
        html`<p class="small">${name} ran on the ${fit.engine.engine} engine in ${fit.engine.precision}: ${fit.engine.fallbackReason}.</p>`,
    )
}

/** Trials that were to be approximated and were sampled instead. */
function failedApproximations(analysis: Analysis): Html[] {
  return namedFits(analysis).flatMap(({ name, fit: { fallbackFrom } }) =>
    fallbackFrom
      ? [
          html`<p class="small">${name} was to be approximated (${fallbackFrom.algorithm}), which failed: ${fallbackFrom.reason}. Its draws are those of NUTS; its seconds are those of both.</p>`,
        ]
      : [],
  )
}
