import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { network } from '../../../models/first-stage/shared/network.js'
import type { RandomFunction } from '../../../models/first-stage/shared/random-function.js'
import { softTrees } from '../../../models/first-stage/shared/soft-trees.js'
import type { NumericArray } from '../../../src/contract/model.js'
import { normalLogProbability } from '../../../src/distributions/normal.js'
import { valuesOfDraw } from '../../../src/draws/values-of-draw.js'
import { variable } from '../../../src/draws/variable.js'
import { priorDraws } from '../../../src/fitting/prior-draws.js'
import { condition } from '../../../src/language/condition.js'
import { model } from '../../../src/language/model.js'
import { fillNormal } from '../../../src/random/fill-normal.js'
import { stream } from '../../../src/random/stream.js'

const logistic = (value: number) => 1 / (1 + Math.exp(-value))
const numbers = (...values: number[]) => Float64Array.from(values)

const trees = {
  base: 0.95,
  power: 2,
  scale: 1,
  bandwidth: { median: 0.4, spread: 0.5 },
  selection: 2,
  concentration: 1,
  choice: 'independent' as const,
}
const networkScales = { inputScale: 1, outputScale: 1 }
/** A dozen operations on numbers below 10. */
const ROUNDING = 1e-13

const INPUTS = 3
const ROWS = 7
const rows = fillNormal(stream(4, 'rows'), new Float64Array(ROWS * INPUTS))
const data = { rows: { values: rows, shape: [ROWS, INPUTS] } as NumericArray }

/** A model of the features alone: 0 ~ N(h_k(x), 1). */
function alone(subject: RandomFunction) {
  return model({
    name: 'features',
    parameters: (_: typeof data) =>
      subject.priors('f', { name: 'input', labels: Array.from({ length: INPUTS }, (_, index) => `x${index + 1}`) }),
    logLikelihood: (parameters, given) =>
      normalLogProbability(0, tf.reshape(subject.features('f', parameters, given.rows), [-1]), 1),
    derived: (parameters, given) => ({ value: tf.reshape(subject.features('f', parameters, given.rows), [-1]) }),
  })
}

type Parameters = Readonly<Record<string, Float64Array>>

/** Sum of features, weighted by `coefficients`, at rows of inputs. */
const valuesAt = (
  subject: RandomFunction,
  parameters: Parameters,
  coefficients: Float64Array,
  inputs: Float64Array,
  width: number,
) => {
  const rowCount = inputs.length / width
  const features = subject.plainFeatures('f', parameters, width)(inputs, rowCount)
  return Array.from({ length: rowCount }, (_, row) =>
    coefficients.reduce((sum, value, at) => sum + value * features[row * coefficients.length + at], 0),
  )
}

describe('a neural network', () => {
  it('of one layer with two units is v1 tanh(w1 r x + b1) + v2 tanh(w2 r x + b2), r a scale for each input', () => {
    const tiny = network({ width: 2, depth: 1, activation: 'tanh', ...networkScales })
    const parameters = { fWeights1: numbers(0.5, -1, 2, 0.3), fInputScale: numbers(2, -0.5), fBiases1: numbers(0.1, -0.2) }
    const [, second] = valuesAt(tiny, parameters, numbers(1.5, -0.7), numbers(9, 9, 3, 4), 2)
    const expected = 1.5 * Math.tanh(0.5 * 6 + 2 + 0.1) - 0.7 * Math.tanh(2 * 6 - 0.3 * 2 - 0.2)
    expect(second).toBeCloseTo(expected, 13)
  })
  it.each([
    ['softplus', (value: number) => Math.log(1 + Math.exp(value))],
    ['swish', (value: number) => value * logistic(value)],
  ] as const)('of two layers applies %s to both', (activation, act) => {
    const deep = network({ width: 1, depth: 2, activation, ...networkScales })
    const parameters = {
      fWeights1: numbers(0.8),
      fInputScale: numbers(1),
      fBiases1: numbers(-0.4),
      fWeights2: numbers(-1.3),
      fBiases2: numbers(0.6),
    }
    expect(valuesAt(deep, parameters, numbers(2), numbers(0.9), 1)[0]).toBeCloseTo(2 * act(-1.3 * act(0.8 * 0.9 - 0.4) + 0.6), 13)
  })
})

describe('a soft tree', () => {
  it('of depth 1 with one covariate goes from -m to m as a logistic curve around its cut', () => {
    const stump = softTrees({ trees: 1, depth: 1, ...trees })
    const parameters = { fSelection: numbers(0.3), fCuts: numbers(0.5), fBandwidth: numbers(0.2) }
    expect(valuesAt(stump, parameters, numbers(1.2), numbers(0.6), 1)[0]).toBeCloseTo(1.2 * (2 * logistic(0.1 / 0.2) - 1), 13)
  })
  it('of depth 2 is the mean of its four leaves, weighted by the shares that reach them', () => {
    const [top, below, above] = [1, 0.4, -0.3]
    const selection = [0, Math.log(3), 50, 0, 0, 50]
    const parameters = { fSelection: numbers(...selection), fCuts: numbers(0.1, -0.2, 0.3), fBandwidth: numbers(0.5) }
    const tree = softTrees({ trees: 1, depth: 2, ...trees })
    const [x1, x2] = [0.7, -0.9]
    const right = logistic((0.25 * x1 + 0.75 * x2 - 0.1) / 0.5)
    const rightOfLeft = logistic((x1 + 0.2) / 0.5)
    const rightOfRight = logistic((x2 - 0.3) / 0.5)
    const leaves = [
      [(1 - right) * (1 - rightOfLeft), -top - below],
      [(1 - right) * rightOfLeft, -top + below],
      [right * (1 - rightOfRight), top - above],
      [right * rightOfRight, top + above],
    ]
    expect(valuesAt(tree, parameters, numbers(top, below, above), numbers(x1, x2), 2)[0]).toBeCloseTo(
      leaves.reduce((sum, [share, value]) => sum + share * value, 0),
      13,
    )
  })
  it('has contrasts whose prior variance falls with the level as the probability that a tree of BART grows that far', () => {
    const { unitScales } = softTrees({ trees: 2, depth: 2, ...trees })
    const [top, below] = [0.95 / 2, (0.95 * 0.95) / 4 / 2]
    expect(largestDifference(unitScales.map(square), [top, top, below, below, below, below])).toBeLessThan(ROUNDING)
  })
  it('with sparse choice of covariates takes them in proportion to importance times softmax', () => {
    const stump = softTrees({ trees: 1, depth: 1, ...trees, choice: 'sparse' })
    const parameters = {
      fSelection: numbers(0, Math.log(2), 0),
      fImportance: numbers(0.5, 0.25, 0.25),
      fCuts: numbers(0),
      fBandwidth: numbers(1),
    }
    const place = (0.5 * 1 + 2 * 0.25 * -2 + 0.25 * 3) / (0.5 + 2 * 0.25 + 0.25)
    expect(valuesAt(stump, parameters, numbers(1), numbers(1, -2, 3), 3)[0]).toBeCloseTo(2 * logistic(place) - 1, 13)
    const { fImportance: _, ...independent } = parameters
    expect(valuesAt(stump, independent, numbers(1), numbers(1, -2, 3), 3)[0], 'negative control').not.toBeCloseTo(
      2 * logistic(place) - 1,
      2,
    )
  })
})

const square = (value: number) => value * value
const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.max(...Array.from(a, (value, at) => Math.abs(value - b[at])))

describe.each<[string, RandomFunction]>([
  ['a network of one layer', network({ width: 4, depth: 1, activation: 'tanh', ...networkScales })],
  ['a network of three layers', network({ width: 3, depth: 3, activation: 'softplus', ...networkScales })],
  ['a swish network', network({ width: 3, depth: 2, activation: 'swish', ...networkScales })],
  ['stumps', softTrees({ trees: 5, depth: 1, ...trees })],
  ['trees of depth 3', softTrees({ trees: 3, depth: 3, ...trees })],
  ['trees that choose sparsely', softTrees({ trees: 3, depth: 2, ...trees, choice: 'sparse' })],
])('%s', (_, subject) => {
  it('has the same values in tensors as in plain numbers', () => {
    const conditioned = condition(alone(subject), data, { strict: true })
    const positions = fillNormal(stream(6, 'positions'), new Float64Array(20 * conditioned.logDensity.dimension))
    const drawn = conditioned.draws(positions, 1, () => stream(1, 'generate'))
    const values = variable(drawn, 'value').values
    const plain = Array.from({ length: 20 }, (__, draw) => [
      ...subject.plainFeatures('f', valuesOfDraw(drawn, draw), INPUTS)(rows, ROWS),
    ]).flat()
    const difference = Math.max(...plain.map((value, at) => Math.abs(value - values[at]) / (1 + Math.abs(value))))
    expect(difference).toBeLessThan(ROUNDING)
    expect(Math.max(...plain) - Math.min(...plain), 'negative control').toBeGreaterThan(0.1)
  })
})

describe('the prior of a network', () => {
  const variance = (width: number) => {
    const subject = network({ width, depth: 1, activation: 'tanh', ...networkScales })
    const drawn = priorDraws(alone(subject), data, { seed: width, draws: DRAWS })
    const squares = Array.from({ length: DRAWS }, (_, draw) => {
      const features = subject.plainFeatures('f', valuesOfDraw(drawn, draw), INPUTS)(rows, 1)
      return features.reduce((sum, value, at) => sum + (value * subject.unitScales[at]) ** 2, 0)
    })
    return squares.reduce((sum, value) => sum + value, 0) / DRAWS
  }
  const DRAWS = 2000
  // a squared tanh unit is between 0 and 1, its mean above 1/4: a relative standard deviation below 2; 4 errors of a difference of two means
  const TOLERANCE = 4 * Math.sqrt((2 * 4) / DRAWS)
  it('is as wide for 2 units as for 30', () => {
    const [narrow, wide] = [variance(2), variance(30)]
    expect(Math.abs(wide / narrow - 1)).toBeLessThan(TOLERANCE)
    expect(Math.abs((15 * wide) / narrow - 1), 'negative control: outputs that did not shrink with the width').toBeGreaterThan(
      TOLERANCE,
    )
  })
})
