import { diagnose } from '../diagnostics/convergence/diagnose.js'
import { chainStream } from './chain-task.js'
import type { Fit, Person, PersonEffect } from './contract/analysis.js'
import type { EffectPredictor } from './contract/first-stage-model.js'
import type { EffectPoolingMethod } from './contract/pooling-method.js'
import type { DesignColumn, TrialDesign, TrialEstimate } from './contract/trial.js'
import type { Protocol } from './data/protocol.js'
import { coefficientMoments } from './draws/coefficient-moments.js'
import type { Draws } from './draws/draws.js'
import { peopleEffects } from './effects/people-effects.js'
import { personContrast } from './effects/person-contrast.js'
import { allTargets } from './effects/protocol-effects.js'

/** One trial with what it predicts. */
export interface PredictingTrial {
  readonly trial: TrialDesign
  readonly predictor: EffectPredictor
}

/** Scaled modifiers of people, `[person, modifier]`. */
export function modifiersOf(people: readonly Person[], columns: readonly DesignColumn[], protocol: Protocol): Float64Array {
  return Float64Array.from(
    people.flatMap(({ covariates }) => [...personContrast(covariates, columns, protocol.covariates).subarray(1)]),
  )
}

/** Effects of profiles in one trial, which stand where a linear model has coefficients: `effect:reference patient` and so on. */
export function profileEstimate(
  { trial, predictor }: PredictingTrial,
  profiles: readonly Person[],
  protocol: Protocol,
): TrialEstimate {
  const { study, outcome, columns } = trial
  const source = chainStream({ seed: protocol.inference.seed, purpose: 'effects', study }, 'profiles', 0)
  const values = predictor.predict(modifiersOf(profiles, columns, protocol), profiles.length, source)
  const dimensions = [{ name: 'person', labels: profiles.map(({ id }) => id) }]
  const { chainCount, drawCount } = predictor
  const draws: Draws = { chainCount, drawCount, variables: [{ name: 'effect', dimensions, values }] }
  return {
    study,
    patientCount: outcome.length,
    coefficientNames: profiles.map(({ id }) => `effect:${id}`),
    ...coefficientMoments(draws, ['effect']),
  }
}

/** People at a time: effects of all trials in all draws are held in memory for as many. */
const BLOCK = 128

export interface EffectPoolingJob {
  readonly protocol: Protocol
  readonly method: EffectPoolingMethod
  readonly options: unknown
  readonly trials: readonly PredictingTrial[]
}

function poolPeople({ protocol, method, options, trials }: EffectPoolingJob, people: readonly Person[], block: string): Draws {
  const { seed, chains, draws } = protocol.inference
  return method.pool(
    trials.map(({ trial, predictor }) => {
      const source = chainStream({ seed, purpose: 'effects', study: trial.study }, block, 0)
      const modifiers = modifiersOf(people, trial.columns, protocol)
      return {
        study: trial.study,
        patientCount: trial.outcome.length,
        draws: predictor.predict(modifiers, people.length, source),
      }
    }),
    options,
    {
      people: people.map(({ id }) => id),
      chainCount: chains,
      drawCount: draws,
      streamFor: (chain) => chainStream({ seed, purpose: 'second-stage', study: '' }, 'pooling', chain),
    },
  )
}

/** Pools the effects of profiles, which the report shows whole, as a fit: independent draws, without a sampler. */
export function poolProfiles(job: EffectPoolingJob, profiles: readonly Person[]): Fit {
  const start = performance.now()
  const draws = poolPeople(job, profiles, 'profiles')
  const { chainCount, drawCount } = draws
  const sampler: Draws = { chainCount, drawCount, variables: [] }
  return {
    modelName: job.method.name,
    draws,
    sampler,
    diagnosis: diagnose(draws, sampler),
    engine: { engine: 'javascript', precision: 'float64' },
    settings: { chains: chainCount, warmup: 0, draws: drawCount, targetAcceptance: 0, maximumTreeDepth: 0 },
    gradientCount: 0,
    seconds: (performance.now() - start) / 1000,
  }
}

/** Effects of any number of people for all targets, in blocks. */
export function pooledEffects(job: EffectPoolingJob, people: readonly Person[]): PersonEffect[] {
  const blocks = Array.from({ length: Math.ceil(people.length / BLOCK) }, (_, index) =>
    people.slice(index * BLOCK, (index + 1) * BLOCK),
  )
  return blocks.flatMap((block, index) =>
    peopleEffects(job.protocol, poolPeople(job, block, `people ${index}`), block, allTargets),
  )
}
