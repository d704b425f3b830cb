/**
 * poolite: Bayesian two-stage individual-participant-data meta-analysis that predicts individualised treatment effects.
 * @packageDocumentation
 */

export { cutOffs } from '../diagnostics/convergence/cut-offs.js'
export { type Check, type Diagnosis, diagnose } from '../diagnostics/convergence/diagnose.js'
export { diagnoseApproximation } from '../diagnostics/convergence/diagnose-approximation.js'
export { diagnosisText } from '../diagnostics/convergence/diagnosis-text.js'
export { eBfmi } from '../diagnostics/convergence/e-bfmi.js'
export { essBulk } from '../diagnostics/convergence/ess-bulk.js'
export { essMean } from '../diagnostics/convergence/ess-mean.js'
export { essMedian } from '../diagnostics/convergence/ess-median.js'
export { essQuantile } from '../diagnostics/convergence/ess-quantile.js'
export { essSd } from '../diagnostics/convergence/ess-sd.js'
export { essTail } from '../diagnostics/convergence/ess-tail.js'
export { mcseMean } from '../diagnostics/convergence/mcse-mean.js'
export { mcseMedian } from '../diagnostics/convergence/mcse-median.js'
export { mcseQuantile } from '../diagnostics/convergence/mcse-quantile.js'
export { mcseSd } from '../diagnostics/convergence/mcse-sd.js'
export { paretoK } from '../diagnostics/convergence/pareto-k.js'
export { quantile } from '../diagnostics/convergence/quantile.js'
export { rhat } from '../diagnostics/convergence/rhat.js'
export { rhatBasic } from '../diagnostics/convergence/rhat-basic.js'
export { rhatNested } from '../diagnostics/convergence/rhat-nested.js'
export { type SummaryRow, summarise } from '../diagnostics/convergence/summarise.js'
export { summariseResampled } from '../diagnostics/convergence/summarise-resampled.js'
export {
  type Calibration,
  type CalibrationRecord,
  calibrationTest,
} from '../diagnostics/predictive/calibration/calibration-test.js'
export { calibrationText } from '../diagnostics/predictive/calibration/calibration-text.js'
export { compareModels } from '../diagnostics/predictive/compare-models.js'
export type { LogLikelihoodDraws } from '../diagnostics/predictive/log-likelihood.js'
export { type Loo, loo, looWeights } from '../diagnostics/predictive/loo.js'
export { looPit } from '../diagnostics/predictive/loo-pit.js'
export { paretoSmooth } from '../diagnostics/predictive/pareto-smooth.js'
export { powerScalingSensitivity, type Sensitivity } from '../diagnostics/predictive/power-scaling.js'
export { predictiveTable } from '../diagnostics/predictive/predictive-table.js'
export { pseudoBmaPlusWeights, pseudoBmaWeights } from '../diagnostics/predictive/pseudo-bma-weights.js'
export { sensitivityText } from '../diagnostics/predictive/sensitivity-text.js'
export { stackingWeights } from '../diagnostics/predictive/stacking-weights.js'
export { defaultTestQuantities, type TestQuantity } from '../diagnostics/predictive/test-quantities.js'
export { type Waic, waic } from '../diagnostics/predictive/waic.js'
export type { CheckpointEvent, CheckpointSettings } from './checkpoint/chain-checkpoints.js'
export type { CheckpointStore } from './checkpoint/checkpoint-store.js'
export type * from './contract/analysis.js'
export type { CoefficientPrior, ExactForm } from './contract/coefficient-prior.js'
export type * from './contract/distribution.js'
export type * from './contract/first-stage-model.js'
export type { LogDensity, LogDensityWithInputs } from './contract/log-density.js'
export type * from './contract/model.js'
export type { OutcomePredictor } from './contract/outcome-predictor.js'
export type * from './contract/pooling-method.js'
export type { SamplingAlgorithm } from './contract/sampling-algorithm.js'
export type { StochasticLogDensity } from './contract/stochastic-log-density.js'
export type { Stream } from './contract/stream.js'
export type { Transform } from './contract/transform.js'
export type * from './contract/trial.js'
export { type CalibrationAlgorithm, calibrateNuts } from './criticism/calibration-replicate.js'
export { leaveOneOut, logLikelihoodDraws } from './criticism/leave-one-out.js'
export { predictiveCheck } from './criticism/predictive-check.js'
export { predictiveDraws } from './criticism/predictive-draws.js'
export { priorSensitivity } from './criticism/prior-sensitivity.js'
export { simulationBasedCalibration } from './criticism/simulation-based-calibration.js'
export { type ValidateInput, type ValidationEvent, validate } from './cross-validation/validate.js'
export { checkTrials } from './data/check-trials.js'
export { designTrials } from './data/design-trials.js'
export { draftProtocol } from './data/draft-protocol.js'
export { parseProtocol } from './data/parse-protocol.js'
export { profilePeople, referencePerson } from './data/people.js'
export { type Protocol, protocolSchema } from './data/protocol.js'
export { readNewPatients } from './data/read-new-patients.js'
export { readTable } from './data/read-table.js'
export { readTrials } from './data/read-trials.js'
export type { Table } from './data/table.js'
export { readAnalysedTrials } from './data/unmeasured-covariates.js'
export { beta, betaLogProbability } from './distributions/beta.js'
export { cauchy, cauchyLogProbability } from './distributions/cauchy.js'
export { dirichlet, dirichletLogProbability } from './distributions/dirichlet.js'
export { elasticNet, elasticNetLogProbability } from './distributions/elastic-net.js'
export { exponential, exponentialLogProbability } from './distributions/exponential.js'
export { flat } from './distributions/flat.js'
export { flatPositive } from './distributions/flat-positive.js'
export { gamma, gammaLogProbability } from './distributions/gamma.js'
export { halfCauchy } from './distributions/half-cauchy.js'
export { halfNormal, halfNormalLogProbability } from './distributions/half-normal.js'
export { halfStudentT } from './distributions/half-student-t.js'
export { inverseGamma, inverseGammaLogProbability } from './distributions/inverse-gamma.js'
export { laplace, laplaceLogProbability } from './distributions/laplace.js'
export { lkjCholesky } from './distributions/lkj-cholesky.js'
export { lognormal, lognormalLogProbability } from './distributions/lognormal.js'
export { multivariateNormal } from './distributions/multivariate-normal.js'
export { normal, normalLogProbability } from './distributions/normal.js'
export { shiftedLognormal } from './distributions/shifted-lognormal.js'
export { spikeAndSlab } from './distributions/spike-and-slab.js'
export { studentT, studentTLogProbability } from './distributions/student-t.js'
export { truncatedNormal } from './distributions/truncated-normal.js'
export { uniform, uniformLogProbability } from './distributions/uniform.js'
export { type Dimension, type Draws, elementCount, scalarNames, type Variable } from './draws/draws.js'
export { type DrawsBlock, eachBlock } from './draws/each-block.js'
export { fromArviz } from './draws/from-arviz.js'
export { fromCmdStan } from './draws/from-cmdstan.js'
export { fromParquet } from './draws/from-parquet.js'
export { fromTable } from './draws/from-table.js'
export { summaryTable } from './draws/print.js'
export type { SampledDraws } from './draws/sampled-draws.js'
export { eachScalar, type Scalar, scalars } from './draws/scalars.js'
export { selectVariables } from './draws/select-variables.js'
export type { GrowingBytes, LargeDraws } from './draws/stored/growing-bytes.js'
export type { StoredValues } from './draws/stored/read-columns.js'
export { toArviz } from './draws/to-arviz.js'
export { toCmdStan } from './draws/to-cmdstan.js'
export { toParquet } from './draws/to-parquet.js'
export { toTable } from './draws/to-table.js'
export { variable } from './draws/variable.js'
export { aggregationLeak } from './effects/aggregation-leak.js'
export { type ArmOutcomes, armOutcomes } from './effects/arm-outcomes.js'
export { effectDraws } from './effects/effect-draws.js'
export { effectPredictor } from './effects/effect-predictor.js'
export { effectsCsv, effectsTable } from './effects/effects-table.js'
export {
  type CovariateExplanation,
  type EffectExplanation,
  type ExplanationRequest,
  explainEffects,
} from './effects/explain-effects.js'
export { effectiveTrialCount, mahalanobisDistance, trialOverlap } from './effects/extrapolation.js'
export { heterogeneitySummary } from './effects/heterogeneity-summary.js'
export { leaveTrialOut } from './effects/leave-trial-out.js'
export { outcomeDraws, outcomeSummaries } from './effects/outcome-draws.js'
export type { EffectTarget } from './effects/person-effects.js'
export { outcomeTrials, peopleOutcomes, pooledOutcomes } from './effects/person-outcomes.js'
export { allTargets, protocolEffects } from './effects/protocol-effects.js'
export { meanBetweenCovariance, shrinkage, trialWeights } from './effects/trial-weights.js'
export {
  cholesky,
  digamma,
  erf,
  erfc,
  inverseMillsRatio,
  logAddExp,
  logDeterminant,
  logGamma,
  logit,
  logNormalCdf,
  logOneMinusExp,
  logSigmoid,
  logSumExp,
  multivariateNormalLogProbability,
  normalCdf,
  normalQuantile,
  triangularSolve,
  trigamma,
} from './engine/operations.js'
export { type ProgramCache, programCache } from './engine/program-cache.js'
export { PooliteError } from './errors/poolite-error.js'
export { type ApproximateSettings, type ApproximationProgress, approximate } from './fitting/approximate.js'
export { approximateOrSample, type FallbackSettings } from './fitting/approximate-or-sample.js'
export type { Workers } from './fitting/chain-pool.js'
export type { ChainStart } from './fitting/chain-start.js'
export { type ExactFitSettings, exactFit } from './fitting/exact-fit.js'
export { type FitSettings, fit, fitConditioned } from './fitting/fit.js'
export { type FittingPlan, planFit } from './fitting/fitting-plan.js'
export { priorDraws } from './fitting/prior-draws.js'
export type { ChainSnapshot, Divergence } from './inference/chain.js'
export { givenProposal, type Proposal, uniformProposal, zeroProposal } from './inference/initial-proposals.js'
export { inverseMetric, type Metric } from './inference/metric.js'
export { type ConditionedModel, type ConditionOptions, condition } from './language/condition.js'
export { dimension, model } from './language/model.js'
export {
  type ContrastEstimate,
  type IntervalEstimate,
  meanCoefficients,
  metaAnalysisContrast,
} from './numeric/multivariate-meta-analysis/contrast.js'
export {
  type MultivariateMetaAnalysis,
  multivariateMetaAnalysis,
} from './numeric/multivariate-meta-analysis/multivariate-meta-analysis.js'
export type { Estimator, IntervalType, MetaAnalysisOptions, MissingPolicy } from './numeric/multivariate-meta-analysis/options.js'
export type { MetaAnalysisInput, Moderator } from './numeric/multivariate-meta-analysis/read-input.js'
export type { Structure } from './numeric/multivariate-meta-analysis/structure.js'
export { trialEstimateByLeastSquares } from './numeric/trial-regression.js'
export { fillNormal } from './random/fill-normal.js'
export { drawNormal } from './random/normal.js'
export { stream } from './random/stream.js'
export {
  effectDotPlot,
  effectForest,
  effectHistogram,
  modifierForest,
  patientEffects,
  trialShrinkage,
  weightsByProfile,
} from './report/analysis-figures.js'
export { analysisPerson, personPage } from './report/analysis-person.js'
export {
  type DiagnosticKind,
  diagnosticCaptions,
  diagnosticKinds,
  diagnosticPanels,
  type Panel,
} from './report/diagnostic-panels.js'
export { explanationPage } from './report/explanation-page.js'
export { figureGrid } from './report/figure-grid.js'
export { figurePage } from './report/figure-page.js'
export { figureSvg } from './report/figure-svg.js'
export { autocorrelationData, autocorrelationFigure } from './report/figures/autocorrelation.js'
export { benefitCalibrationFigure } from './report/figures/benefit-calibration.js'
export { benefitProbabilityFigure } from './report/figures/benefit-probability.js'
export { type EffectDependenceData, effectDependenceFigure } from './report/figures/effect-dependence.js'
export { effectDistributionFigure } from './report/figures/effect-distribution.js'
export { effectIntervalsFigure } from './report/figures/effect-intervals.js'
export { type EffectSharesData, effectSharesFigure } from './report/figures/effect-shares.js'
export { essEvolutionData, essEvolutionFigure } from './report/figures/effective-sample-size.js'
export { energyData, energyFigure } from './report/figures/energy.js'
export { forestFigure } from './report/figures/forest.js'
export { intervalRowsFigure } from './report/figures/interval-rows.js'
export { pairData, pairFigure } from './report/figures/pair.js'
export { priorPosteriorData, priorPosteriorFigure } from './report/figures/prior-posterior.js'
export { quantileDotsFigure } from './report/figures/quantile-dots.js'
export { rankFigure } from './report/figures/rank.js'
export { rankData } from './report/figures/rank-data.js'
export { scoreIntervalsFigure } from './report/figures/score-intervals.js'
export { shrinkageFigure } from './report/figures/shrinkage.js'
export { targetingFigure } from './report/figures/targeting.js'
export { traceData, traceFigure } from './report/figures/trace.js'
export { trialWeightsFigure } from './report/figures/trial-weights.js'
export type { PersonEvidence } from './report/person-evidence.js'
export { personKinds, personPanel } from './report/person-figures.js'
export { dotQuantiles, stackDots } from './report/quantile-dots.js'
export { renderReport } from './report/render-report.js'
export { renderValidation } from './report/render-validation.js'
export { show } from './report/show.js'
export { standaloneSvg } from './report/standalone-svg.js'
export { asText } from './report/text/as-text.js'
export { scenarioFamilies, scenarioFamily } from './simulation/families.js'
export type { SiteFile } from './site/check-sites.js'
export { type DisclosureRules, disclosureRules } from './site/disclosure-rules.js'
export { lossFromScores, type SiteScore } from './site/effect-scores.js'
export { parseArtefact } from './site/read-artefact.js'
export { type SiteArtefact, siteJsonSchema } from './site/site-artefact.js'
export { fitSite, type SiteInput, type SiteOutput } from './stages/fit-site.js'
export { effectPoolingJob, prepareEffectPooling } from './stages/open-effect-pooling.js'
export { pooledEffectBlocks, pooledEffects } from './stages/pool-effects.js'
export { poolSites, type SitesInput } from './stages/pool-sites.js'
export type { FitOutcome, TwoStageEvent, TwoStageProgress } from './stages/stage-input.js'
export { type TwoStageInput, twoStage } from './two-stage.js'
export { calibrationRegression } from './validation/calibration-regression.js'
export { concordanceForBenefit } from './validation/concordance.js'
export { decisionValue } from './validation/decision.js'
export { heldOutTrial } from './validation/held-out-trial.js'
export { rLoss, rLossGain } from './validation/r-loss.js'
export { targetingCurve } from './validation/targeting.js'
export type { CandidateResult, NestedChoice, Recommendation, Validation } from './validation/validation.js'
export { version } from './version.js'
