/**
 * Methods of a study by name: `first/second`, such as `ols/reml`. Every valid pair of the tables below is a method; the options that are not given are those of the package.
 */
import { didYouMean } from '../data/nearest-name.js'
import { UsageError } from '../errors/usage-error.js'
import { boosting } from './comparators/boosting.js'
import { causalForest } from './comparators/causal-forest.js'
import type { Comparator } from './comparators/comparator.js'

type Options = Readonly<Record<string, unknown>>

export interface FirstStageChoice {
  readonly name: string
  /** A first stage of the catalogue with its options, or a comparator. */
  readonly model?: string
  readonly options?: Options
  readonly comparator?: Comparator
  /** Whether parameters are fixed at their posterior mode instead of sampled. */
  readonly isAtMode?: boolean
  /** What its draws are, for the pairs below. */
  readonly kind: 'least-squares' | 'penalised' | 'learner' | 'linear-posterior' | 'shrunken-posterior' | 'flexible-posterior'
}

const linear = (name: string, prior: unknown): FirstStageChoice => ({
  name,
  model: 'linear',
  options: { prior },
  kind: prior === 'flat' ? 'linear-posterior' : 'shrunken-posterior',
})

export const firstStages: readonly FirstStageChoice[] = [
  { name: 'ols', model: 'ordinary-least-squares', kind: 'least-squares' },
  { name: 'lasso', model: 'lasso', kind: 'penalised' },
  { name: 'ridge', model: 'ridge', kind: 'penalised' },
  { name: 'causal-forest', comparator: causalForest, kind: 'learner' },
  { name: 'boosting', comparator: boosting, kind: 'learner' },
  linear('bayes-linear', 'flat'),
  linear('bayes-lasso', 'laplace'),
  linear('bayes-ridge', 'normal'),
  linear('elastic-net', 'elastic-net'),
  linear('horseshoe', 'regularised-horseshoe'),
  linear('r2d2', 'r2d2'),
  linear('spike-and-slab', 'spike-and-slab'),
  { name: 'gaussian-process', model: 'gaussian-process', kind: 'flexible-posterior' },
  { name: 'gaussian-process-mode', model: 'gaussian-process', isAtMode: true, kind: 'flexible-posterior' },
  { name: 'neural-network', model: 'neural-network', kind: 'flexible-posterior' },
  { name: 'tree-ensemble', model: 'tree-ensemble', kind: 'flexible-posterior' },
]

export interface SecondStageChoice {
  readonly name: string
  readonly method: string
  readonly options: Options
  readonly kinds: readonly FirstStageChoice['kind'][]
  /** Whether it draws from a posterior of the differences between trials, which takes too long to do for every trial left out. */
  readonly isSampled: boolean
}

const linearKinds = ['least-squares', 'linear-posterior', 'shrunken-posterior'] as const
const posteriors = ['linear-posterior', 'shrunken-posterior', 'flexible-posterior'] as const
const everything = [...posteriors, 'least-squares', 'penalised', 'learner'] as const
const frequentist = (name: string, estimator: string, structure: string): SecondStageChoice => ({
  name,
  method: 'multivariate',
  options: { estimator, structure, missing: 'use' },
  kinds: linearKinds,
  isSampled: false,
})
const average = (name: string, weights: string, heterogeneity: string, kinds: SecondStageChoice['kinds']) => ({
  name,
  method: 'weighted-average',
  options: { weights, heterogeneity },
  kinds,
  isSampled: weights === 'auxiliary' && heterogeneity === 'auxiliary',
})

/** `-published`: weights without between-trial variance, as the authors'. */
export const secondStages: readonly SecondStageChoice[] = [
  frequentist('fixed', 'fixed', 'random-effect'),
  frequentist('reml', 'reml', 'random-effect'),
  frequentist('reml-diagonal', 'reml', 'diagonal'),
  frequentist('reml-unstructured', 'reml', 'unstructured'),
  frequentist('moments', 'moments', 'random-effect'),
  average('auxiliary', 'auxiliary', 'none', everything),
  average('auxiliary-tau', 'auxiliary', 'auxiliary', everything),
  average('bootstrap', 'bootstrap', 'none', ['least-squares', 'penalised', 'learner', 'linear-posterior']),
  average('posterior-variance', 'posterior-variance', 'none', everything),
  average('equal', 'equal', 'auxiliary', everything),
  average('size', 'size', 'auxiliary', everything),
  {
    name: 'hierarchical',
    method: 'hierarchical',
    options: { heterogeneity: 'random-effect' },
    kinds: linearKinds,
    isSampled: true,
  },
  {
    name: 'hierarchical-diagonal',
    method: 'hierarchical',
    options: {},
    kinds: linearKinds,
    isSampled: true,
  },
  {
    name: 'mixing',
    method: 'mixture',
    options: { weights: 'posterior-variance', heterogeneity: 'none', newSetting: 'mixture' },
    kinds: posteriors,
    isSampled: false,
  },
  { name: 'mixture', method: 'mixture', options: {}, kinds: posteriors, isSampled: true },
  { name: 'stacking', method: 'mixture', options: { weights: 'stacking' }, kinds: posteriors, isSampled: true },
]

export interface StudyMethod {
  /** `first/second` */
  readonly name: string
  readonly firstStage: FirstStageChoice
  readonly secondStage: SecondStageChoice
}

/** All valid pairs. */
export const studyMethods: readonly StudyMethod[] = firstStages.flatMap((firstStage) =>
  secondStages
    .filter(({ kinds }) => kinds.includes(firstStage.kind))
    .map((secondStage) => ({ name: `${firstStage.name}/${secondStage.name}`, firstStage, secondStage })),
)

/** The thirteen that the authors of the design compared, as they name the stages, by their counterparts here: boosting for XGBoost, an R-learner forest for the causal forest. */
export const authorsNames: Readonly<Record<string, string>> = {
  'ols/reml-unstructured': 'OLS, multivariate meta-analysis (REML)',
  'ols/fixed': 'OLS, multivariate meta-analysis (fixed)',
  'lasso/bootstrap': 'lasso, BS weights',
  'lasso/auxiliary': 'lasso, OLS+IV weights',
  'ridge/bootstrap': 'ridge, BS weights',
  'ridge/auxiliary': 'ridge, OLS+IV weights',
  'causal-forest/bootstrap': 'causal forest, BS weights',
  'causal-forest/auxiliary': 'causal forest, OLS+IV weights',
  'boosting/bootstrap': 'XGBoost, BS weights',
  'boosting/auxiliary': 'XGBoost, OLS+IV weights',
  'bayes-linear/hierarchical': 'Bayesian linear, multivariate meta-analysis',
  'bayes-linear/mixing': 'Bayesian linear, mixing of posteriors',
  'bayes-lasso/mixing': 'Bayesian lasso, mixing of posteriors',
}
export const authorsMethods: readonly string[] = Object.keys(authorsNames)

/** Fast ones on which the findings T1 to T8 rest. */
const quickMethods = [
  'ols/reml',
  'ols/auxiliary',
  'lasso/auxiliary',
  'ridge/auxiliary',
  'bayes-linear/hierarchical',
  'boosting/auxiliary',
  'boosting/bootstrap',
]

/**
 * Linear models as the authors pool them, without bootstrap weights, and without the Bayesian lasso, whose chains take as long as all of these; and least squares with random effects of treatment
 * alone and with auxiliary weights, which the findings compare with.
 */
const regressions = [
  ...authorsMethods.filter((name) => !/boosting|causal-forest|bayes-lasso|\/bootstrap$/.test(name)),
  ...['ols/reml', 'ols/auxiliary'],
]

/** Names that stand for several methods. */
export const methodGroups: Readonly<Record<string, readonly string[]>> = {
  authors: authorsMethods,
  regressions,
  /** Models of functions of covariates, ours and those that the authors compared with, by the weights that they found best. */
  flexible: [
    ...['causal-forest', 'boosting', 'gaussian-process-mode'].map((name) => `${name}/auxiliary`),
    'gaussian-process-mode/auxiliary-tau',
  ],
  /** Flexible models whose posteriors are sampled, which takes minutes for a data set. */
  sampled: [...['gaussian-process', 'neural-network', 'tree-ensemble'].map((name) => `${name}/auxiliary`)],
  quick: quickMethods,
  all: studyMethods.map(({ name }) => name),
}

/**
 * @param names of methods or groups
 * @returns each once, in the order of the tables
 * @throws UsageError for a name that is none, or a pair that does not go together
 */
export function chooseMethods(names: readonly string[]): StudyMethod[] {
  const wanted = new Set(names.flatMap((name) => methodGroups[name] ?? [name]))
  const known = studyMethods.map(({ name }) => name)
  for (const name of wanted) if (!known.includes(name)) throw unknownMethod(name, known)
  return studyMethods.filter(({ name }) => wanted.has(name))
}

function unknownMethod(name: string, known: readonly string[]): UsageError {
  const [first, second] = name.split('/')
  const isPair = firstStages.some((one) => one.name === first) && secondStages.some((one) => one.name === second)
  return new UsageError({
    problem: isPair ? `"${first}" and "${second}" do not go together` : `there is no method "${name}"`,
    ...(isPair && { reason: 'the second stage needs what this first stage does not give: coefficients, a posterior, or refits' }),
    remedy:
      `${isPair ? '' : didYouMean(name, known)} First stages: ${firstStages.map((one) => one.name).join(', ')}. Second stages: ${secondStages
        .map((one) => one.name)
        .join(', ')}. Groups: ${Object.keys(methodGroups).join(', ')}.`.trim(),
  })
}
