import type { Analysis } from '../../contract/analysis.js'
import { type Html, html } from '../html.js'
import { covariateHeading, outcomeName } from '../labels.js'
import { formatCount } from '../number-format.js'

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

/** The methods paragraph, from the models' own descriptions and the settings of the run. */
export function methodsSection(analysis: Analysis): Html {
  const { protocol, methods, pooled, trialFits } = analysis
  const { chains, draws, warmup, maximumTreeDepth } = pooled.settings
  const targets = [...new Set([...trialFits.map(({ fit }) => fit), pooled].map(({ settings }) => settings.targetAcceptance))]
  return html`<section aria-labelledby="methods"><h2 id="methods">Methods</h2>
<p>Two-stage meta-analysis of individual participant data ${cite(1)}: each trial was analysed alone, so that every interaction rests on comparisons within trials ${cite(2)}, and the trials' results were then pooled.</p>
<p><strong>First stage.</strong> ${methods.firstStage}</p>
<p><strong>Second stage.</strong> ${methods.secondStage} Intervals for the average setting are credible intervals of the mean over settings; those for a new setting add the differences between trials and are prediction intervals ${cite(3)}.</p>
<p><strong>Scaling.</strong> ${scaling(analysis)} The same constants hold for all trials.</p>
<p><strong>Computation.</strong> The No-U-Turn sampler ${cite(4)} ran ${String(chains)} ${chains === 1 ? 'chain' : 'chains'} of ${formatCount(draws)} draws after ${formatCount(warmup)} of warmup per fit (target acceptance ${targets.join(' in the first and ')}${targets.length > 1 ? ' in the second stage' : ''}, tree depth at most ${String(maximumTreeDepth)}, seed ${String(protocol.inference.seed)}). Convergence was judged by rank-normalised split R-hat and effective sample sizes ${cite(5)}, divergent transitions and the energy diagnostic E-BFMI ${cite(6)}, in each fit on its own. Intervals are 2.5% and 97.5% quantiles of the draws.</p>
<ol class="small">${sources.map((source, index) => html`<li id="source-${index + 1}">${source.text} <a href="${source.url}">${source.url.replace('https://', '')}</a></li>`)}</ol></section>`
}

function scaling({ protocol }: Analysis): string {
  const { outcome, covariates } = protocol
  const constants = covariates.flatMap((covariate) =>
    covariate.type === 'continuous' ? [`${covariateHeading(covariate)} ${covariate.centre} and ${covariate.scale}`] : [],
  )
  return `Centre and scale: ${[`${outcomeName(protocol)}${outcome.unit ? ` (${outcome.unit})` : ''} ${outcome.centre} and ${outcome.scale}`, ...constants].join('; ')}.`
}

/** What an individualised effect is not. */
export function cautionSection(): Html {
  return html`<section aria-labelledby="caution"><h2 id="caution">How to read an individualised effect</h2>
<p>An individualised effect is a mean: the expected difference in outcome between the treatments for people with the same covariates. Nobody's own difference is ever observed, and the interval of an effect is not the range in which one person's benefit will fall.</p>
<p>Effects are believable only where the trials had patients like the person in question and treatment was randomised. Effect modification needs large trials or strong earlier evidence, and a model with one effect for all is the standard that it has to beat ${cite(7)}.</p></section>`
}

function cite(number: number): Html {
  return html`<a href="#source-${number}" aria-label="source ${number}">[${number}]</a>`
}
