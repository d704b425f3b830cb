import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { chosenPrior, type PriorChoice } from '../../../models/coefficient-priors.js'
import { elasticNetLogProbability } from '../../../src/distributions/elastic-net.js'
import { laplaceLogProbability } from '../../../src/distributions/laplace.js'
import { normalLogProbability } from '../../../src/distributions/normal.js'
import { resolveArgument } from '../../../src/language/parameters.js'
import { float64 } from '../distributions/float64.js'

const SCALE = 0.7
/** In the logarithm of the mixing variable; the trapezoidal rule of a smooth function that vanishes at both ends. */
const [FROM, TO, POINTS] = [-60, 8, 20_001]

/** Density of a coefficient with the mixing variable that the prior declares integrated out, at points other than 0. */
function mixtureDensity(choice: PriorChoice, points: Float64Array): Float64Array {
  const { prior, options } = chosenPrior(choice)
  const declared = prior.declare('b', { name: 'coefficient', labels: ['x'] }, options, { patientCount: 100, residualScale: 1 })
  const step = (TO - FROM) / (POINTS - 1)
  const mixing = Float64Array.from({ length: POINTS }, (_, index) => Math.exp(FROM + index * step))
  return float64([[POINTS], [points.length, 1]], (values, at) => {
    const own = declared.bMixing
    const logMixing = own.distribution.logProbability(
      values,
      own.arguments.map((argument) => tf.scalar(argument as number)),
    )
    const scale = resolveArgument(declared.b.arguments[1], { bScale: tf.scalar(SCALE), bMixing: values }, [POINTS])
    const terms = tf.exp(tf.add(tf.add(normalLogProbability(at, 0, scale), logMixing), tf.log(values)))
    return tf.mul(step, tf.sum(terms, 1))
  })(mixing, points)
}

const points = Float64Array.of(0.01, 0.3, -0.8, 2.5)

describe.each<[string, PriorChoice, (value: tf.Tensor) => tf.Tensor, PriorChoice]>([
  ['the Laplace prior', 'laplace', (value) => laplaceLogProbability(value, 0, SCALE), { name: 'elastic-net', mixing: 0.9 }],
  [
    'the elastic net',
    'elastic-net',
    (value) => elasticNetLogProbability(value, 0.5, 0, SCALE),
    { name: 'elastic-net', mixing: 0.52 },
  ],
  [
    'an elastic net that is nearly a lasso',
    { name: 'elastic-net', mixing: 0.99 },
    (value) => elasticNetLogProbability(value, 0.99, 0, SCALE),
    'laplace',
  ],
])('%s as a scale mixture of normals', (_, choice, logProbability, other) => {
  const expected = float64([[points.length]], (value) => tf.exp(logProbability(value)))(points)
  it('has the density of the prior that it stands for', () => {
    mixtureDensity(choice, points).forEach((density, index) => {
      expect(Math.abs(density / expected[index] - 1)).toBeLessThan(1e-9)
    })
  })
  it('negative control: another mixing has not', () => {
    const ratios = mixtureDensity(other, points).map((density, index) => Math.abs(density / expected[index] - 1))
    expect(Math.max(...ratios)).toBeGreaterThan(1e-3)
  })
})
