import { type HierarchicalOptions, interactionPrior } from './hierarchical-options.js'

/** The sentence of the methods paragraph: likelihood, structure, priors. */
export function describeHierarchical(options: HierarchicalOptions): string {
  const scales = "in reference standard deviations of the outcome, covariates on the protocol's scale"
  return `a multivariate normal hierarchical model of the trials' coefficients with ${structure(options)}${distribution(options)}, ${site(options)}${averages(options)} and ${heterogeneityPriorText(options)} on the between-trial standard deviations (${scales})`
}

function structure({ heterogeneity, correlationConcentration, factorCount, loadingScale }: HierarchicalOptions): string {
  return {
    'random-effect': 'a random treatment effect at the centre of the covariates and common interactions',
    diagonal: 'independent random effects on all coefficients',
    unstructured: `correlated random effects on all coefficients (LKJ prior with concentration ${correlationConcentration})`,
    factor: `random effects on all coefficients, correlated through at most ${factorCount} common factors (normal loadings with standard deviation ${loadingScale} beside a unit standard deviation specific to each coefficient)`,
  }[heterogeneity]
}

function distribution({ betweenTrials, degreesOfFreedom, aberrant }: HierarchicalOptions): string {
  return {
    normal: '',
    'student-t': `, which have a multivariate Student-t distribution with ${degreesOfFreedom} degrees of freedom about the average`,
    contamination: `, of which a trial may be aberrant with a probability that has mean ${aberrant.probability} a priori, its coefficients then having a further standard deviation of ${aberrant.scale} times the scale of the between-trial standard deviations${aberrant.newSetting === 'typical' ? ' (a new setting is taken not to be aberrant)' : ''}`,
  }[betweenTrials]
}

function site({ siteLikelihood, siteDrawCount, firstStagePrior }: HierarchicalOptions): string {
  const form =
    siteLikelihood === 'draws'
      ? `mixtures of normal kernels at up to ${siteDrawCount} posterior draws for each trial's likelihood, `
      : ''
  return form + (firstStagePrior === 'divide-out' ? "the first stage's priors divided out of the trials' posteriors, " : '')
}

function averages(options: HierarchicalOptions): string {
  const shrinking = interactionPrior(options)
  return shrinking
    ? `a normal prior with standard deviation ${options.meanScale} on the pooled treatment effect, ${shrinking.prior.describe(shrinking.options)} on the pooled interactions`
    : `normal priors with standard deviation ${options.meanScale} on the pooled coefficients`
}

/** Such as `half-normal priors with scale 0.5`. */
export function heterogeneityPriorText(options: HierarchicalOptions): string {
  const { heterogeneityScale: scale, heterogeneityPrior, heterogeneityDegreesOfFreedom } = options
  const scales = typeof scale === 'number' ? `${scale}` : `${scale.treatment} (treatment) and ${scale.interaction} (interactions)`
  const family = {
    'half-normal': 'half-normal priors',
    'half-cauchy': 'half-Cauchy priors',
    'half-student-t': `half-Student-t priors (${heterogeneityDegreesOfFreedom} degrees of freedom)`,
  }[heterogeneityPrior]
  return `${family} with scale ${scales}`
}
