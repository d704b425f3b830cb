import { describe, expect, it } from 'vitest'
import { poolingMethod } from '../../../models/pooling/weighted-average.js'
import { catalog } from '../../../src/catalog.js'
import { programCache } from '../../../src/engine/program-cache.js'
import { chainStream } from '../../../src/fitting/chain-task.js'
import { stream } from '../../../src/random/stream.js'
import { scenarioFamily } from '../../../src/simulation/families.js'
import { effectMoments } from '../../../src/study/effect-moments.js'
import { fitFirstStage } from '../../../src/study/first-stage-fit.js'
import { runReplicate } from '../../../src/study/replicate.js'
import { chooseMethods } from '../../../src/study/study-methods.js'
import { usualSettings } from '../../../src/study/study-task.js'
import { pointWeights } from '../../../src/study/study-weights.js'
import { scaleData } from '../../../src/study/trial-scaling.js'

const settings = { ...usualSettings, people: 12, bootstrap: 10 }
const tools = { catalog, cache: programCache() }
const scenario = 'linear-small-trials-small-modification-0.5'
const people = 12
/** Milliseconds on a machine with other work. */
const PATIENCE = 240_000

async function fittedTrials() {
  const family = scenarioFamily('mainetti')
  const data = family.simulate(stream(1, 'weights'), family.scenarios.find(({ id }) => id === scenario)!)
  const scaled = scaleData(data)
  const modifiers = scaled.modifiers(data.testTrials[0], people)
  const [{ firstStage }] = chooseMethods(['ols/auxiliary'])
  return Promise.all(
    scaled.trials.map(async (design) => {
      const fitted = await fitFirstStage(firstStage, design, { ...tools, settings, purpose: 'weights' })
      const moments = effectMoments(fitted.predictor, modifiers, people, true, stream(2))
      return { fitted, moments, referenceMoments: moments, modifiers }
    }),
  )
}

describe('weights of the point prediction', () => {
  it.each([
    ['auxiliary', 'none', 1e-12],
    ['posterior-variance', 'none', 1e-12],
    ['size', 'none', 1e-12],
    // averages over 50 draws of tau and over 1000: weights of at most 0.12 have a spread of less than 0.01 over these, 4 x 0.01 / sqrt(50) = 0.006
    ['auxiliary', 'auxiliary', 0.006],
  ] as const)('%s with heterogeneity %s are those that the method itself gives', async (weights, heterogeneity, tolerance) => {
    const trials = await fittedTrials()
    const options = poolingMethod.parseOptions({ method: 'weighted-average', weights, heterogeneity })
    const predicted = trials.map(({ fitted }) => ({ design: fitted.design, predictor: fitted.predictor }))
    const preparation = poolingMethod.prepare!(predicted, options, stream(3))
    const effects = trials.map(({ fitted, moments, modifiers }) => {
      const deviations = moments.variances.map((variance) => Math.sqrt(variance / 2))
      const draws = [-1, 1].flatMap((sign) => [...moments.means.map((mean, person) => mean + sign * deviations[person])])
      return {
        study: fitted.design.study,
        patientCount: fitted.design.outcome.length,
        draws: Float64Array.from(draws),
        modifiers,
      }
    })
    const expected = poolingMethod.pool(
      effects,
      options,
      {
        people: Array.from({ length: people }, String),
        chainCount: 1,
        drawCount: 4000,
        streamFor: (chain) => chainStream({ seed: 1, purpose: 'test', study: '' }, 'pooling', chain),
      },
      preparation,
    ).weights
    const found = pointWeights(trials, options, preparation.auxiliary, people)
    const distance = (other: Float64Array) => Math.max(...found.map((weight, at) => Math.abs(weight - other[at])))
    expect(distance(expected)).toBeLessThan(tolerance)
    // negative control: they are not the same in all trials
    expect(distance(new Float64Array(found.length).fill(1 / trials.length))).toBeGreaterThan(0.012)
  })
})

describe('what methods share', () => {
  it('does not depend on which of them there are', { timeout: PATIENCE }, async () => {
    const task = { design: 'mainetti', scenario, replicate: 0, settings }
    const names = ['ols/auxiliary', 'ols/auxiliary-tau', 'ols/equal', 'boosting/auxiliary', 'boosting/bootstrap']
    const together = await runReplicate({ ...task, methods: names }, tools)
    for (const name of ['ols/auxiliary-tau', 'boosting/auxiliary']) {
      const [alone] = await runReplicate({ ...task, methods: [name] }, tools)
      expect(alone.record).toEqual(together.find(({ record }) => record.method === name)!.record)
    }
  })
})
