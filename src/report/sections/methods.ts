import type { Analysis, ApproximationAlgorithm, Fit } from '../../contract/analysis.js'
import type { Protocol } from '../../data/protocol.js'
import { type Html, html } from '../html.js'
import { covariateHeading, intervalKind, outcomeName } from '../labels.js'
import { formatCount } from '../number-format.js'
import { sentence } from '../sentence.js'

interface Source {
  readonly text: string
  readonly url: string
}

/** In the order in which the text cites them. */
const sources: readonly Source[] = [
  {
    text: 'Burke DL, Ensor J, Riley RD. Meta-analysis using individual participant data: one-stage and two-stage approaches, and why they may differ. Statistics in Medicine 2017; 36: 855–875.',
    url: 'https://doi.org/10.1002/sim.7141',
  },
  {
    text: 'Riley RD, Debray TPA, Fisher D, et al. Individual participant data meta-analysis to examine interactions between treatment effect and participant-level covariates. Statistics in Medicine 2020; 39: 2115–2137.',
    url: 'https://doi.org/10.1002/sim.8516',
  },
  {
    text: 'Higgins JPT, Thompson SG, Spiegelhalter DJ. A re-evaluation of random-effects meta-analysis. Journal of the Royal Statistical Society A 2009; 172: 137–159.',
    url: 'https://doi.org/10.1111/j.1467-985X.2008.00552.x',
  },
  {
    text: 'Hoffman MD, Gelman A. The No-U-Turn Sampler. Journal of Machine Learning Research 2014; 15: 1593–1623.',
    url: 'https://jmlr.org/papers/v15/hoffman14a.html',
  },
  {
    text: 'Vehtari A, Gelman A, Simpson D, Carpenter B, Bürkner P-C. Rank-normalization, folding, and localization: an improved R-hat. Bayesian Analysis 2021; 16: 667–718.',
    url: 'https://doi.org/10.1214/20-BA1221',
  },
  {
    text: 'Betancourt M. Diagnosing suboptimal cotangent disintegrations in Hamiltonian Monte Carlo. 2016.',
    url: 'https://arxiv.org/abs/1604.00695',
  },
  {
    text: 'Kent DM, Paulus JK, van Klaveren D, et al. The Predictive Approaches to Treatment effect Heterogeneity (PATH) statement. Annals of Internal Medicine 2020; 172: 35–45.',
    url: 'https://doi.org/10.7326/M18-3667',
  },
]

/** Cited when some fit is by static trajectories; it follows the others. */
const hamiltonianSource: Source = {
  text: 'Neal RM. MCMC using Hamiltonian dynamics. In: Handbook of Markov Chain Monte Carlo. 2011.',
  url: 'https://arxiv.org/abs/1206.1901',
}
/** Cited when some fit is an approximation; they follow the others. */
const importanceSource: Source = {
  text: 'Vehtari A, Simpson D, Gelman A, Yao Y, Gabry J. Pareto smoothed importance sampling. Journal of Machine Learning Research 2024; 25(72): 1–58.',
  url: 'https://jmlr.org/papers/v25/19-556.html',
}
const approximations: Readonly<Record<ApproximationAlgorithm, { readonly words: string; readonly source: Source }>> = {
  laplace: {
    words: 'the Laplace approximation at the mode',
    source: {
      text: 'Tierney L, Kadane JB. Accurate approximations for posterior moments and marginal densities. Journal of the American Statistical Association 1986; 81: 82–86.',
      url: 'https://doi.org/10.1080/01621459.1986.10478240',
    },
  },
  'mean-field': { words: 'mean-field Gaussian variational inference', source: variationalSource() },
  'full-rank': { words: 'full-rank Gaussian variational inference', source: variationalSource() },
  pathfinder: {
    words: 'multi-path Pathfinder',
    source: {
      text: 'Zhang L, Carpenter B, Gelman A, Vehtari A. Pathfinder: parallel quasi-Newton variational inference. Journal of Machine Learning Research 2022; 23(306): 1–49.',
      url: 'https://jmlr.org/papers/v23/21-0889.html',
    },
  },
}

function variationalSource(): Source {
  return {
    text: 'Giordano R, Ingram M, Broderick T. Black box variational inference with a deterministic objective. Journal of Machine Learning Research 2024; 25(18): 1–39.',
    url: 'https://jmlr.org/papers/v25/23-1015.html',
  }
}

/** The methods paragraph, from the models' own descriptions and the settings of the run. */
export function methodsSection(analysis: Analysis): Html {
  const { methods } = analysis
  const cited = [...sources, ...furtherSources(analysis)]
  return html`<section aria-labelledby="methods"><h2 id="methods">Methods</h2>
<p>Two-stage meta-analysis of individual participant data ${cite(1)}: each trial was analysed alone, so that every interaction rests on comparisons within trials ${cite(2)}, and the trials' results were then pooled.</p>
<p><strong>First stage.</strong> ${sentence(methods.firstStage)}</p>
<p><strong>Second stage.</strong> ${sentence(methods.secondStage)} Intervals for the average setting are ${intervalKind(analysis)} intervals of the mean over settings; those for a new setting add the differences between trials and are prediction intervals ${cite(3)}.</p>
<p><strong>Scaling.</strong> ${scaling(analysis)} The same constants hold for all trials.</p>
<p><strong>Computation.</strong> ${[drawnExactly(analysis), sampling(analysis), approximating(analysis)]} Analyses were done with poolite ${analysis.provenance.version}, seed ${String(analysis.protocol.inference.seed)}. Intervals are 2.5% and 97.5% quantiles of the draws.</p>
<ol class="small">${cited.map((source, index) => html`<li id="source-${index + 1}">${source.text} <a href="${source.url}">${source.url.replace('https://', '')}</a></li>`)}</ol></section>`
}

/** What is said of the fits by Markov chains, if there are any. */
function sampling(analysis: Analysis): Html | undefined {
  const { pooled, trialFits } = analysis
  const fits = [...trialFits.map(({ fit }) => fit), pooled].filter(({ algorithm }) => algorithm === undefined)
  const isHamiltonian = trialFits.some(({ fit }) => fit.settings.algorithm === 'hmc')
  if (fits.length === 0) return undefined
  const { chains, draws, warmup, maximumTreeDepth } = fits[fits.length - 1].settings
  const targets = [...new Set(fits.map(({ settings }) => settings.targetAcceptance))]
  return html`${isHamiltonian ? html`Hamiltonian Monte Carlo with trajectories of a fixed length ${cite(placeOf(analysis, hamiltonianSource))} in the first stage, and the No-U-Turn sampler ${cite(4)} in the second,` : html`The No-U-Turn sampler ${cite(4)}`} ran ${String(chains)} ${chains === 1 ? 'chain' : 'chains'} of ${formatCount(draws)} draws after ${formatCount(warmup)} of warmup per fit (target acceptance ${targets.join(' in the first and ')}${targets.length > 1 ? ' in the second stage' : ''}, tree depth at most ${String(maximumTreeDepth)}). Convergence was judged by rank-normalised split R-hat and effective sample sizes ${cite(5)}, divergent transitions and the energy diagnostic E-BFMI ${cite(6)}, in each fit on its own. `
}

/** What is said of the fits by independent draws, if there are any. */
function drawnExactly({ trialFits }: Analysis): Html | undefined {
  const fits = trialFits.map(({ fit }) => fit).filter(({ algorithm }) => algorithm === 'exact')
  if (fits.length === 0) return undefined
  const { chains, draws } = fits[0].settings
  const whose = fits.length === trialFits.length ? 'every trial' : `${String(fits.length)} of the trials`
  return html`For ${whose}, ${formatCount(chains * draws)} independent draws were made in the first stage without Markov chains, so that nothing has to converge. `
}

/** What is said of the fits by approximation, if there are any. */
function approximating(analysis: Analysis): Html | undefined {
  const used = algorithmsOf(analysis)
  if (used.length === 0) return undefined
  const count = analysis.trialFits.filter(({ fit }) => approximationOf(fit) ?? fit.fallbackFrom).length
  const words = used.map(
    (algorithm, index) =>
      html`${index === 0 ? '' : ', '}${approximations[algorithm].words} ${cite(placeOf(analysis, approximations[algorithm].source))}`,
  )
  return html`The posterior of ${count === analysis.trialFits.length ? 'each trial' : `${String(count)} of the trials`} was approximated by ${words}, and the approximation improved by Pareto-smoothed importance resampling${drawCounts(analysis)}; where its diagnostic k-hat exceeds 0.7 ${cite(placeOf(analysis, importanceSource))} the draws are not to be relied on, and the fit has failed. ${fallingBack(analysis)}`
}

/** Of all approximations, also those that failed and gave way to NUTS. */
function algorithmsOf({ pooled, trialFits }: Analysis): ApproximationAlgorithm[] {
  const fits = [...trialFits.map(({ fit }) => fit), pooled]
  return [...new Set(fits.flatMap((fit) => approximationOf(fit) ?? fit.fallbackFrom?.algorithm ?? []))]
}

function approximationOf({ algorithm }: Fit): ApproximationAlgorithm | undefined {
  return algorithm === 'exact' ? undefined : algorithm
}

/** ` (1,000 draws a trial, ...)`; nothing when no approximation was kept. */
function drawCounts({ trialFits }: Analysis): string {
  const counts = trialFits.flatMap(({ fit }) => (approximationOf(fit) ? [fit.draws.drawCount] : []))
  if (counts.length === 0) return ''
  const [least, most] = [Math.min(...counts), Math.max(...counts)].map((count) => formatCount(count))
  const range = least === most ? least : `${least} to ${most}`
  return ` (${range} draws a trial; a draw taken several times counts as one in effective sample sizes)`
}

function fallingBack({ trialFits }: Analysis): string {
  const studies = trialFits.filter(({ fit }) => fit.fallbackFrom).map(({ trial }) => trial.study)
  if (studies.length === 0) return ''
  return `Where the approximation failed its checks (${studies.join(', ')}), the trial was sampled by the No-U-Turn sampler instead. `
}

function furtherSources(analysis: Analysis): Source[] {
  const isHamiltonian = analysis.trialFits.some(({ fit }) => fit.settings.algorithm === 'hmc')
  const used = algorithmsOf(analysis)
  const byUrl = new Map(used.map((algorithm) => approximations[algorithm].source).map((source) => [source.url, source]))
  return [...(isHamiltonian ? [hamiltonianSource] : []), ...byUrl.values(), ...(used.length > 0 ? [importanceSource] : [])]
}

/** As numbered in the list. */
function placeOf(analysis: Analysis, source: Source): number {
  return sources.length + furtherSources(analysis).findIndex(({ url }) => url === source.url) + 1
}

function scaling({ protocol }: Analysis): string {
  const { outcome, covariates } = protocol
  const constants = covariates.flatMap((covariate) =>
    covariate.type === 'continuous' ? [`${covariateHeading(covariate)} ${covariate.centre} and ${covariate.scale}`] : [],
  )
  return `Centre and scale: ${[`${outcomeName(protocol)}${outcome.unit ? ` (${outcome.unit})` : ''} ${outcome.centre} and ${outcome.scale}`, ...constants].join('; ')}.${splines(protocol)}`
}

function splines({ covariates }: Protocol): string {
  const knots = covariates.flatMap((covariate) =>
    covariate.type === 'continuous' && covariate.spline
      ? [`${covariateHeading(covariate)} at ${covariate.spline.knots.join(', ')}`]
      : [],
  )
  return knots.length === 0
    ? ''
    : ` Restricted cubic splines with knots for ${knots.join('; for ')}, linear beyond the outer knots.`
}

/** What an individualised effect is not. @param evidence a word on the evidence, where sources are listed */
export function individualCaution(evidence?: Html): Html {
  return html`<section aria-labelledby="caution"><h2 id="caution">How to read an individualised effect</h2>
<p>An individualised effect is a mean: the expected difference in outcome between the treatments for people with the same covariates. Nobody's own difference is ever observed, and the interval of an effect is not the range in which one person's benefit will fall.</p>
<p>Effects are believable only where the trials had patients like the person in question and treatment was randomised. Effect modification needs large trials or strong earlier evidence, and a model with one effect for all is the standard that it has to beat${evidence && html` ${evidence}`}.</p></section>`
}

export function cautionSection(): Html {
  return individualCaution(cite(7))
}

function cite(number: number): Html {
  return html`<a href="#source-${number}" aria-label="source ${number}">[${number}]</a>`
}
