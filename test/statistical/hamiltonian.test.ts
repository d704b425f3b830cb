import { describe, expect, it } from 'vitest'
import type { LogDensity } from '../../src/contract/log-density.js'
import { hmc } from '../../src/inference/hmc.js'
import { denseMetric, type Metric } from '../../src/inference/metric.js'
import { nuts } from '../../src/inference/nuts.js'
import { type ChainSettings, runChains } from '../../src/inference/run-chains.js'
import { evaluate, type GradientState } from '../../src/inference/state.js'
import type { TunedSettings } from '../../src/inference/transition.js'
import { fillNormal } from '../../src/random/fill-normal.js'
import { type SeededStream, stream } from '../../src/random/stream.js'
import { altered, correlatedNormal } from '../unit/inference/targets.js'
import { kolmogorovDistance, meanWithError } from './monte-carlo-error.js'

// x = log E with E standard exponential, so that P(x < t) = 1 - exp(-e^t); y = 0.8 x + z with z standard normal.
const target: LogDensity = {
  dimension: 2,
  valueAndGradient([x, y], gradient) {
    const z = y - 0.8 * x
    gradient[0] = 1 - Math.exp(x) + 0.8 * z
    gradient[1] = -z
    return x - Math.exp(x) - 0.5 * z * z
  },
}
const distributionOfX = (t: number) => 1 - Math.exp(-Math.exp(t))

type Step = (source: SeededStream, state: GradientState, logDensity: LogDensity, tuned: TunedSettings) => GradientState

const nutsStep = (): Step => {
  const { step } = nuts(2)
  return (source, state, logDensity, tuned) => step(source, state, logDensity, { ...tuned, maximumTreeDepth: 4 }).state
}
const hmcStep = (): Step => {
  const { step } = hmc(2)
  const length = { length: { stepCount: 4 }, lengthJitter: 0.5 }
  return (source, state, logDensity, tuned) => step(source, state, logDensity, { ...tuned, ...length }).state
}

const drawCount = 20_000
/** Kolmogorov's limit law: P(sqrt(n) D > 2.4) = 2 exp(-2 * 2.4^2) = 2e-5; four comparisons, family-wise 1e-4. */
const CRITICAL = 2.4 / Math.sqrt(drawCount)
const dense = denseMetric(Float64Array.of(1.6, 0, 1.3, 2), 2)!

/** Distance of the distribution of x after one step from exact draws. */
function afterOneStep(step: Step, logDensity = target, metric: Metric = dense, stepSize = 0.5): number {
  const source = stream(6)
  const x = new Float64Array(drawCount)
  const normals = fillNormal(source, new Float64Array(drawCount))
  for (let i = 0; i < drawCount; i++) {
    const start = Math.log(-Math.log(source.uniform()))
    const state = evaluate(Float64Array.of(start, 0.8 * start + normals[i]), logDensity)
    x[i] = step(source, state, logDensity, { stepSize, metric }).position[0]
  }
  return kolmogorovDistance(x, distributionOfX)
}

/** Momenta of another law than that of the kinetic energy: twice as long, as a root that does not match its inverse metric would give. */
const withWrongMomenta = (step: Step): Step => {
  return (source, state, logDensity, tuned) => {
    // standardNormal inverts one uniform: moving the first two away from 1/2 lengthens the momentum.
    let left = 2
    const stretched = { ...source, uniform: () => (left-- > 0 ? stretch(source.uniform()) : source.uniform()) }
    return step(stretched, state, logDensity, tuned)
  }
}
const stretch = (u: number) => (u < 0.5 ? 2 * u * u : 1 - 2 * (1 - u) ** 2)

/** HMC draws the length of the trajectory first; without jitter it draws the momentum first, as NUTS does. */
const hmcStepOfFixedLength = (): Step => {
  const { step } = hmc(2)
  return (source, state, logDensity, tuned) =>
    step(source, state, logDensity, { ...tuned, length: { stepCount: 4 }, lengthJitter: 0 }).state
}

describe.each([
  ['NUTS', nutsStep],
  ['HMC', hmcStep],
])('one step of %s in a dense metric from exact draws', (_, makeStep) => {
  it.each([0.3, 0.8])('leaves the target invariant with step size %d', (stepSize) => {
    expect(afterOneStep(makeStep(), target, dense, stepSize)).toBeLessThan(CRITICAL)
  })
  it('does not leave it invariant when the Jacobian of the log transform is missing', () => {
    const noJacobian = altered(target, (value, [x], gradient) => {
      gradient[0] -= 1
      return value - x
    })
    expect(afterOneStep(makeStep(), noJacobian)).toBeGreaterThan(CRITICAL)
  })
  it('does not leave it invariant when the density is that of another target', () => {
    const wider = altered(target, (value, [x]) => value + 0.5 * x)
    expect(afterOneStep(makeStep(), wider)).toBeGreaterThan(CRITICAL)
  })
})

describe('momenta whose law is not that of the kinetic energy', () => {
  it.each([
    ['NUTS', nutsStep],
    ['HMC', hmcStepOfFixedLength],
  ])('are noticed in %s, which passes without them', (_, makeStep) => {
    expect(afterOneStep(makeStep())).toBeLessThan(CRITICAL)
    expect(afterOneStep(withWrongMomenta(makeStep()))).toBeGreaterThan(CRITICAL)
  })
})

/** Two-sided standard normal quantile for a family-wise error of 1e-4 over at most 100 comparisons. */
const FIVE_STANDARD_ERRORS = 5

describe.each([
  { algorithm: 'nuts', metric: 'dense' },
  { algorithm: 'nuts', metric: 'dense', adaptation: 'stan' },
  { algorithm: 'nuts', metric: 'diagonal', stepSizeJitter: 0.3 },
  { algorithm: 'hmc', metric: 'dense' },
  { algorithm: 'hmc', metric: 'diagonal', trajectoryLength: { stepCount: 20 }, trajectoryJitter: 0.5 },
] as Partial<ChainSettings>[])('whole chains with %o', (changes) => {
  const moments: readonly [(x: Float64Array) => number, number][] = [
    [([x]) => x, 0],
    [([x]) => x * x, 1],
    [([x, y]) => x * y, 0.98],
  ]
  const chains = async () => {
    const settings: ChainSettings = {
      chainCount: 4,
      warmupCount: 400,
      drawCount: 1000,
      targetAcceptance: 0.8,
      maximumTreeDepth: 10,
      ...changes,
    }
    const { positions } = await runChains({
      logDensity: correlatedNormal(0.98),
      propose: (source) => fillNormal(source, new Float64Array(2)),
      streamFor: (purpose, chain) => stream(3, purpose, chain),
      settings,
    })
    return (quantity: (position: Float64Array) => number) =>
      Array.from({ length: 4 }, (_, chain) =>
        Float64Array.from({ length: 1000 }, (_, draw) => {
          const at = 2 * (1000 * chain + draw)
          return quantity(positions.subarray(at, at + 2))
        }),
      )
  }
  it('find the moments of a normal with correlation 0.98, and are told from a correlation of 0.8', async () => {
    const draws = await chains()
    for (const [quantity, truth] of moments) {
      const { mean, standardError } = meanWithError(draws(quantity))
      expect(Math.abs(mean - truth) / standardError).toBeLessThan(FIVE_STANDARD_ERRORS)
    }
    const { mean, standardError } = meanWithError(draws(([x, y]) => (x - y) ** 2))
    expect(Math.abs(mean - 2 * (1 - 0.98)) / standardError).toBeLessThan(FIVE_STANDARD_ERRORS)
    expect(Math.abs(mean - 2 * (1 - 0.8)) / standardError).toBeGreaterThan(FIVE_STANDARD_ERRORS)
  })
})
