/**
 * One first-stage model with its defaults on one simulated trial, in a process of its own:
 *
 *     node --expose-gc first-stage-job.js <job.json>
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { catalog } from '../../src/catalog.js'
import type { FirstStageModel } from '../../src/contract/first-stage-model.js'
import { parseProtocol } from '../../src/data/parse-protocol.js'
import { withFits } from '../../src/fitting/fits.js'
import { planFit } from '../../src/fitting/fitting-plan.js'
import { condition } from '../../src/language/condition.js'
import { stream } from '../../src/random/stream.js'
import { firstStage } from '../../src/stages/first-stage.js'
import { simulatedTrial, type TrialSize } from '../statistical/interval-coverage/truths.js'
import { measureGradient } from './measure-gradient.js'

export interface FirstStageJob extends TrialSize {
  readonly firstStage: Readonly<Record<string, unknown>> & { readonly model: string }
  readonly seed: number
  readonly result: string
}

export interface FirstStageMeasure {
  /** How the posterior was found: `exact`, an approximation, `nuts` or `hmc`. */
  readonly algorithm: string
  readonly engine: string
  readonly dimension: number
  /** Of one value and gradient, processor time; absent where draws are exact. */
  readonly gradientMicroseconds?: number
  /** By the clock, from data to draws: compilation, its check, warmup and draws. */
  readonly seconds: number
  readonly gradientCount: number
  /** Smallest bulk-ESS and largest R-hat of what convergence is judged by: effects, residual standard deviation and log likelihood of networks and trees, parameters of the others. */
  readonly effectiveDraws: number
  readonly rhat: number
  /** Of the approximation, or of the one that failed. */
  readonly paretoK?: number
  readonly isFallback: boolean
  /** Names of checks that failed. */
  readonly failed: readonly string[]
  /** Of posterior mean effects of all patients of the trial against the true ones, in standard deviations of the outcome. */
  readonly medianAbsoluteError: number
}

/** Patients whose effects are judged. */
const JUDGED = 8
/** `curved` of `truths.ts`: both parts are smooth and not linear. */
const REPLICATE = 1

async function main(): Promise<void> {
  const job = JSON.parse(readFileSync(process.argv[2], 'utf8')) as FirstStageJob
  const model = await catalog.firstStageModel(job.firstStage.model)
  const options = model.parseOptions(job.firstStage)
  const { trial, effects } = simulatedTrial(job.seed, REPLICATE, job)
  const protocol = parseProtocol(JSON.stringify(protocolOf(job)), 'benchmark.json')
  const people = trial.covariates.slice(0, JUDGED * trial.columns.length)
  const profiles = Array.from({ length: JUDGED }, (_, person) => ({
    kind: 'profile' as const,
    id: `${person + 1}`,
    covariates: Object.fromEntries(trial.columns.map(({ name }, at) => [name, people[person * trial.columns.length + at]])),
  }))
  const plan = planFit(protocol.inference, model.approximation?.(options))
  const place = { trialIndex: 0, trialCount: 1, profiles }
  const start = performance.now()
  const { fit } = await withFits({}, { protocol: 'benchmark' }, (fits) =>
    firstStage({ protocol, catalog }, fits, model, options, plan, trial, place),
  )
  const seconds = (performance.now() - start) / 1000
  const predictor = model.effects(fit.draws, trial, options)
  const judged = fit.diagnosis.summary
  const all = predictor.predict(trial.covariates, effects.length, stream(1, 'benchmark errors'))
  const algorithm = fit.algorithm ?? fit.settings.algorithm ?? 'nuts'
  const paretoK = fit.approximation?.paretoK ?? fit.fallbackFrom?.paretoK
  const measure: FirstStageMeasure = {
    algorithm,
    engine: fit.engine.engine,
    ...gradient(model, options, job, algorithm),
    seconds,
    gradientCount: fit.gradientCount,
    effectiveDraws: Math.min(...judged.map(({ essBulk }) => essBulk).filter(Number.isFinite)),
    rhat: Math.max(...judged.map(({ rhat }) => rhat).filter(Number.isFinite)),
    ...(paretoK !== undefined && { paretoK }),
    isFallback: fit.fallbackFrom !== undefined,
    failed: fit.diagnosis.checks.flatMap(({ name, status }) => (status === 'failed' ? [name] : [])),
    medianAbsoluteError: medianAbsoluteError(all, effects),
  }
  writeFileSync(job.result, JSON.stringify(measure))
}

function gradient(model: FirstStageModel, options: unknown, job: FirstStageJob, algorithm: string) {
  if (algorithm === 'exact') return { dimension: 0 }
  const { trial } = simulatedTrial(job.seed, REPLICATE, job)
  const { model: probabilistic, data } = model.condition(trial, options)
  const { logDensity } = condition(probabilistic, data)
  return { dimension: logDensity.dimension, gradientMicroseconds: measureGradient(logDensity).microseconds }
}

function medianAbsoluteError(values: Float64Array, effects: Float64Array): number {
  const count = effects.length
  const drawCount = values.length / count
  const errors = effects.map((effect, person) => {
    let sum = 0
    for (let draw = 0; draw < drawCount; draw++) sum += values[draw * count + person]
    return Math.abs(sum / drawCount - effect)
  })
  return errors.sort()[Math.floor(count / 2)]
}

const protocolOf = ({ firstStage: chosen, seed, covariateCount }: FirstStageJob) => ({
  poolite: 1,
  title: 'benchmark',
  data: { study: 'study', treatment: { column: 'treated', control: '0', treated: '1' } },
  outcome: { column: 'outcome', better: 'higher', centre: 0, scale: 1 },
  covariates: Array.from({ length: covariateCount }, (_, at) => ({
    name: `x${at + 1}`,
    type: 'continuous',
    centre: 0,
    scale: 1,
  })),
  firstStage: chosen,
  secondStage: { method: 'mixture' },
  inference: { seed },
})

void main()
