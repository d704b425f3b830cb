import { describe, expect, it } from 'vitest'
import { summarise } from '../../../diagnostics/convergence/summarise.js'
import { firstStageModel as linear } from '../../../models/first-stage/linear.js'
import type { TrialDesign } from '../../../src/contract/trial.js'
import type { Draws } from '../../../src/draws/draws.js'
import { variable } from '../../../src/draws/variable.js'
import { fit } from '../../../src/fitting/fit.js'
import { condition } from '../../../src/language/condition.js'
import { stream } from '../../../src/random/stream.js'
import { smallTrial } from './small-trial.js'

const trial = smallTrial(80, { effect: (age) => 0.5 + 0.6 * age, noise: 0.7 })
const request = (chainCount: number, drawCount: number) => ({
  chainCount,
  drawCount,
  streamFor: (chain: number) => stream(1, 'exact', chain),
})
const exactly = (raw: Record<string, unknown>, chains = 4, draws = 1000, on: TrialDesign = trial): Draws | undefined =>
  linear.exact!(on, linear.parseOptions(raw), request(chains, draws))

async function byNuts(raw: Record<string, unknown>, draws: number): Promise<Draws> {
  const options = linear.parseOptions(raw)
  const { model, data } = linear.condition(trial, options)
  return (await fit(model, data, { seed: 7, chains: 2, draws, targetAcceptance: linear.targetAcceptance(options) })).draws
}

/** 4.5 standard errors: over all comparisons a chance of some 1e-3 that one is beyond. */
const Z = 4.5
function largestDifference(left: Draws, right: Draws): number {
  const others = new Map(summarise(right).map((row) => [row.name, row]))
  return Math.max(
    ...summarise(left).map(({ name, mean, mcseMean }) => {
      const other = others.get(name)!
      return Math.abs(mean - other.mean) / Math.hypot(mcseMean, other.mcseMean)
    }),
  )
}

const priors: [string, Record<string, unknown>][] = [
  ['flat', { prior: 'flat' }],
  ['normal', { prior: { name: 'normal', scale: 0.3 }, residual: { family: 'half-normal', scale: 0.5 } }],
  ['normal on all covariates', { prior: { name: 'normal', scale: 0.3 }, appliesTo: 'covariates' }],
  ['spike and slab', { prior: { name: 'spike-and-slab', spikeScale: 0.1, slabScale: 0.8, slabProbability: 0.3 } }],
  [
    'spike and slab on all covariates',
    { prior: { name: 'spike-and-slab', spikeScale: 0.2, slabScale: 0.8 }, appliesTo: 'covariates' },
  ],
]

describe('exact draws of the linear model', () => {
  it.each(priors)('with a %s prior have the names, shapes and order of sampled ones, and their means', async (_, raw) => {
    const sampled = await byNuts(raw, 1000)
    const exact = exactly(raw, 2, 1000)!
    expect(exact.variables.map(({ name, dimensions }) => ({ name, dimensions }))).toEqual(
      sampled.variables.map(({ name, dimensions }) => ({ name, dimensions })),
    )
    expect(largestDifference(exact, sampled)).toBeLessThan(Z)
    const squares = (draws: Draws): Draws => ({
      ...draws,
      variables: draws.variables.map((one) => ({ ...one, values: one.values.map((value) => value * value) })),
    })
    expect(largestDifference(squares(exact), squares(sampled))).toBeLessThan(Z)
  })
  it('negative control: another prior gives other draws', async () => {
    expect(largestDifference(exactly(priors[0][1])!, await byNuts(priors[1][1], 1000))).toBeGreaterThan(Z)
  })
  it('give the inclusion probabilities that the model derives', () => {
    const exact = exactly(priors[3][1], 1, 20)!
    const { model, data } = linear.condition(trial, linear.parseOptions(priors[3][1]))
    const names = ['alpha', 'delta', 'sigma', 'beta', 'gamma']
    const positions = Float64Array.from({ length: 20 }, (_, draw) => draw).reduce<number[]>((all, draw) => {
      for (const name of names) {
        const { values } = variable(exact, name)
        const own = Array.from(values.subarray((draw * values.length) / 20, ((draw + 1) * values.length) / 20))
        all.push(...(name === 'sigma' ? own.map(Math.log) : own))
      }
      return all
    }, [])
    const derived = condition(model, data).draws(Float64Array.from(positions), 1, () => stream(1, 'unused'))
    const [ours, theirs] = [exact, derived].map((draws) => variable(draws, 'gammaInclusion').values)
    ours.forEach((value, at) => {
      expect(value).toBeCloseTo(theirs[at], 12)
    })
  })
  it('of one chain are the same whichever other chains there are', () => {
    const [one, four] = [exactly({ prior: 'spike-and-slab' }, 1, 50)!, exactly({ prior: 'spike-and-slab' }, 4, 50)!]
    for (const { name, values } of one.variables) expect(variable(four, name).values.subarray(0, values.length)).toEqual(values)
  })
  it('are independent: half of 4000 consecutive pairs lie on the same side of the median', () => {
    const { values } = variable(exactly({}, 1, 4001)!, 'delta')
    const median = values.toSorted()[2000]
    let same = 0
    for (let draw = 1; draw < 4001; draw++) if (values[draw] > median === values[draw - 1] > median) same++
    expect(Math.abs(same - 2000) / Math.sqrt(1000)).toBeLessThan(Z)
  })
  it.each([
    ['a learned scale', { prior: { name: 'normal', isLearned: true } }],
    ['a Laplace prior', { prior: 'laplace' }],
    ['Student-t errors', { errors: { family: 'student-t' } }],
    ['errors by arm', { errors: { byArm: true } }],
    ['a protocol that wants chains', { exact: false }],
  ])('are not there with %s', (_, raw) => {
    expect(exactly(raw)).toBeUndefined()
  })
})
