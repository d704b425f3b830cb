import { counted } from '../../data/wording.js'
import { metaAnalysisContrast } from '../../numeric/multivariate-meta-analysis/contrast.js'
import type { MultivariateMetaAnalysis } from '../../numeric/multivariate-meta-analysis/multivariate-meta-analysis.js'
import { formatSignificant } from '../number-format.js'
import { recordsText } from './records-text.js'

/** A multivariate meta-analysis: how, then each coefficient with its intervals and differences between trials. Ends in a line feed. */
export function metaAnalysisText(analysis: MultivariateMetaAnalysis): string {
  const { options, studies, moderatorNames, isConverged } = analysis
  const { statistic, degreesOfFreedom, pValue } = analysis.heterogeneity.q
  return [
    `${counted(studies.length, 'trial')}, ${options.estimator}, ${options.structure}${isConverged ? '' : ': DID NOT CONVERGE'}`,
    `Cochran's Q ${formatSignificant(statistic)} on ${degreesOfFreedom} degrees of freedom, p ${formatSignificant(pValue, 2)}`,
    '',
    recordsText(moderatorNames.length > 0 ? termRows(analysis) : coefficientRows(analysis)),
  ].join('\n')
}

function coefficientRows(analysis: MultivariateMetaAnalysis) {
  const { coefficientNames, betweenTrialCovariance } = analysis
  const size = coefficientNames.length
  return coefficientNames.map((coefficient, index) => {
    const contrast = coefficientNames.map((_, other) => (other === index ? 1 : 0))
    const { average, newSetting } = metaAnalysisContrast(analysis, contrast)
    return { coefficient, average, newSetting, betweenTrialSd: Math.sqrt(betweenTrialCovariance[index * size + index]) }
  })
}

/** With moderators there is no one average setting. */
function termRows({ terms, coefficients, covariance }: MultivariateMetaAnalysis) {
  return terms.map(({ coefficient, moderator }, index) => ({
    coefficient,
    moderator,
    slope: { estimate: coefficients[index], standardError: Math.sqrt(covariance[index * terms.length + index]) },
  }))
}
