import type { Warning } from '../../../src/contract/analysis.js'
import type { MultivariateMetaAnalysis } from '../../../src/numeric/multivariate-meta-analysis/multivariate-meta-analysis.js'
import type { MetaAnalysisOptions } from '../../../src/numeric/multivariate-meta-analysis/options.js'

const estimatorText: Record<MetaAnalysisOptions['estimator'], string> = {
  fixed: 'taken as 0: a common-effect analysis',
  reml: 'estimated by restricted maximum likelihood',
  ml: 'estimated by maximum likelihood',
  moments: 'estimated by the method of moments (Jackson, Riley and White 2013; DerSimonian and Laird for one coefficient)',
  'paule-mandel': 'estimated by the method of Paule and Mandel',
}

const structureText: Record<MetaAnalysisOptions['structure'], string> = {
  unstructured: 'unstructured',
  diagonal: 'diagonal: all coefficients vary, independently',
  'compound-symmetry': 'compound symmetric: equal variances and equal covariances of all coefficients',
  identity: 'a multiple of the identity: equal variances of all coefficients, no covariances',
  'random-effect': 'confined to the treatment effect at the centre of the covariates, interactions being common to the trials',
}

/** The sentence of the methods paragraph: estimator, structure, type of interval. */
export function describeMultivariate({ estimator, structure, interval, hasSafeguard }: MetaAnalysisOptions): string {
  const form = estimator === 'fixed' ? '' : ` (${structureText[structure]})`
  return `a frequentist multivariate meta-analysis of the trials' coefficients with the between-trial covariance${form} ${estimatorText[estimator]}; intervals are confidence intervals, not credible ones, drawn from the confidence distribution of the estimates, ${intervalText(estimator, interval, hasSafeguard)}`
}

function intervalText(
  estimator: MetaAnalysisOptions['estimator'],
  interval: MetaAnalysisOptions['interval'],
  hasSafeguard: boolean,
): string {
  if (estimator === 'fixed' || interval === 'normal') return 'with normal quantiles'
  const quantiles =
    "with Student's t on as many degrees of freedom as there are trials less one for averages and less two for a new setting (Higgins, Thompson and Spiegelhalter 2009)"
  return interval === 't'
    ? quantiles
    : `${quantiles}, variances scaled as by Hartung and Knapp${hasSafeguard ? ', never below 1 (the modified form)' : ''}`
}

/** What was found of the differences between trials, in sentences. */
export function heterogeneityText({ heterogeneity, coefficientNames, options }: MultivariateMetaAnalysis): string {
  const { q, r, iSquaredR, byCoefficient } = heterogeneity
  const each = byCoefficient.map(
    (one, i) =>
      `${coefficientNames[i]} Q ${number(one.q.statistic)} on ${one.q.degreesOfFreedom} (p ${probability(one.q.pValue)}), I² ${percent(one.iSquared)}`,
  )
  const stretch =
    options.estimator === 'fixed'
      ? ''
      : ` Differences between trials stretch the confidence region by R = ${number(r)} a dimension (I²_R ${percent(iSquaredR)}).`
  return `Cochran's Q is ${number(q.statistic)} on ${q.degreesOfFreedom} degrees of freedom (p ${probability(q.pValue)}).${stretch} By coefficient: ${each.join('; ')}.`
}

const number = (value: number) => value.toPrecision(3)
const percent = (share: number) => (Number.isNaN(share) ? 'not defined' : `${Math.round(100 * share)}%`)
const probability = (value: number) => (value < 0.001 ? '< 0.001' : `= ${value.toFixed(3)}`)

/** Below this many trials the between-trial variance is barely identified (Roever et al. 2021, 10.1002/jrsm.1475). */
const FEW_TRIALS = 5
/** p-value of Cochran's Q at which differences that the model leaves out are worth a warning; 0.1 is usual because the test has little power. */
const DOUBTFUL = 0.1

/** What must be known before the results are believed. */
export function multivariateCautions(analysis: MultivariateMetaAnalysis): Warning[] {
  return [...fitCautions(analysis), ...trialCautions(analysis), ...structureCautions(analysis), ...missingCautions(analysis)]
}

function fitCautions({ isConverged, iterationCount }: MultivariateMetaAnalysis): Warning[] {
  if (isConverged) return []
  return [
    {
      severity: 'important',
      message: `the between-trial covariance did not converge in ${iterationCount} iterations: do not rely on the pooled results. Choose a simpler structure such as \`diagonal\`, or \`estimator: moments\`.`,
    },
  ]
}

function trialCautions({ studies, options, predictionDegreesOfFreedom }: MultivariateMetaAnalysis): Warning[] {
  const count = studies.length
  if (options.estimator === 'fixed' || count >= FEW_TRIALS) return []
  if (predictionDegreesOfFreedom < 1)
    return [
      {
        severity: 'important',
        message: `${count} trials give no prediction interval: intervals for a new setting use one degree of freedom and only show that next to nothing is known. Differences between trials cannot be estimated from so few; a Bayesian analysis, \`secondStage: { method: hierarchical, heterogeneity: random-effect }\`, says what an informative prior makes of them.`,
      },
    ]
  return [
    {
      severity: 'important',
      message: `${count} trials say little about differences between trials: their estimate may be 0 by chance, and intervals rest on it. Compare with \`secondStage: { method: hierarchical, heterogeneity: random-effect }\`.`,
    },
  ]
}

function structureCautions(analysis: MultivariateMetaAnalysis): Warning[] {
  const { options, heterogeneity, coefficientNames, studies, parameterCount, terms } = analysis
  const { q, byCoefficient } = heterogeneity
  if (options.estimator === 'fixed')
    return q.pValue < DOUBTFUL
      ? [
          {
            severity: 'important',
            message: `the trials differ by more than chance (Cochran's Q ${number(q.statistic)} on ${q.degreesOfFreedom}, p ${probability(q.pValue)}), and a common-effect analysis ignores it: its intervals are too narrow. Use \`estimator: reml\`.`,
          },
        ]
      : []
  const free = parameterCount - terms.length
  const excess: Warning[] =
    free > studies.length
      ? [
          {
            severity: 'note',
            message: `the between-trial covariance has ${free} parameters and there are ${studies.length} trials. Take \`structure: diagonal\` or \`random-effect\` as the main analysis and this one as a sensitivity analysis.`,
          },
        ]
      : []
  if (options.structure !== 'random-effect') return excess
  const differing = coefficientNames.filter(
    (_, i) => i > 0 && byCoefficient[i].q.pValue < DOUBTFUL / (coefficientNames.length - 1),
  )
  if (differing.length === 0) return excess
  return [
    ...excess,
    {
      severity: 'note',
      message: `${differing.map((name) => `"${name}"`).join(', ')} ${differing.length > 1 ? 'differ' : 'differs'} between trials by more than chance, and the structure random-effect takes interactions as common: their intervals are too narrow. Compare with \`structure: diagonal\`.`,
    },
  ]
}

function missingCautions({ droppedCoefficients, coefficientNames, trials, options }: MultivariateMetaAnalysis): Warning[] {
  if (droppedCoefficients.length > 0)
    return [
      {
        severity: 'important',
        message: `${droppedCoefficients.map((name) => `"${name}"`).join(', ')} ${droppedCoefficients.length > 1 ? 'are' : 'is'} missing in some trial and left out for all: effects are computed as if these covariates did not modify them.`,
      },
    ]
  if (options.missing !== 'use' || trials.length === 0 || !analysisHasGaps(trials, coefficientNames)) return []
  return [
    {
      severity: 'important',
      message:
        'some trials lack coefficients, and each contributes what it has. The coefficients of a model that leaves out a correlated modifier are not quite those of the full model: take this as a sensitivity analysis, or impute the covariates that trials lack.',
    },
  ]
}

const analysisHasGaps = (trials: MultivariateMetaAnalysis['trials'], names: readonly string[]) =>
  trials.some(({ observedCount }) => observedCount < names.length)
