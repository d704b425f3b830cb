import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import type { Distribution, Prior, PriorArgument, PriorOptions } from '../../src/contract/distribution.js'
import { lengths } from '../../src/distributions/shared/lengths.js'
import { compileLogDensity } from '../../src/engine/compile.js'
import { UsageError } from '../../src/errors/usage-error.js'
import { stream } from '../../src/random/stream.js'
import { float64 } from '../unit/distributions/float64.js'
import { GRADIENT_TOLERANCE, gradientError } from './differences.js'
import { discover } from './discover.js'

const subjects = await discover('src/distributions')
const DRAW_COUNT = 20

/** A univariate prior is tried on a parameter of two axes, another on its own shape. */
function shapeOf(prior: Prior): number[] {
  return prior.shape.length === 0 ? [2, 3] : lengths(prior.shape)
}

const plain = (argument: PriorArgument): number[] =>
  typeof argument === 'number' ? [argument] : Array.from(argument as number[])
const tensors = (prior: Prior): tf.Tensor[] =>
  prior.arguments.map((argument) => (typeof argument === 'number' ? tf.scalar(argument) : tf.tensor1d(plain(argument))))

function draws({ distribution, arguments: values, shape }: Prior, seed: number): Float64Array[] {
  const source = stream(seed, 'contract', distribution.name)
  const drawn = shape.length === 0 ? [2, 3] : lengths(shape)
  return Array.from({ length: DRAW_COUNT }, () =>
    distribution.draw(
      source,
      drawn,
      values.map((value) => Float64Array.from(plain(value))),
    ),
  )
}

/** Draws of a proper prior; of an improper one what 0, 1, 2, ... unconstrained map to. */
function valuesInside(prior: Prior): Float64Array[] {
  if (prior.distribution.isProper) return draws(prior, 1)
  const transform = prior.distribution.support(shapeOf(prior), [])
  return [float64([[...transform.unconstrainedShape]], (x) => transform.constrain(x))(Float64Array.of(0, 1, 2, -1, -2, 0.5))]
}

const logDensityOf = (prior: Prior, distribution: Distribution = prior.distribution): ((value: Float64Array) => Float64Array) =>
  float64([shapeOf(prior)], (value) => distribution.logProbability(value, tensors(prior)))

describe('distributions', () => {
  it('are found in their folder', () => {
    expect(subjects.map(({ file }) => file)).toEqual(expect.arrayContaining(['normal', 'half-student-t', 'lkj-cholesky']))
  })

  describe.each(subjects)('$file', ({ file, exportName, module }) => {
    const examples = (module.examples ?? []) as Prior[]

    it('exports a constructor of its name and examples, and has a test of its own', () => {
      expect(typeof module[exportName]).toBe('function')
      expect(examples.length).toBeGreaterThan(0)
      expect(examples.map(({ distribution }) => distribution.name)).toEqual(examples.map(() => exportName))
      expect(existsSync(fileURLToPath(new URL(`../unit/distributions/${file}.test.ts`, import.meta.url)))).toBe(true)
    })

    describe.each(examples.map((prior) => ({ prior, title: `${exportName}(${prior.arguments.map(String).join(', ')})` })))(
      '$title',
      ({ prior }) => {
        const { distribution } = prior
        const shape = shapeOf(prior)
        const transform = distribution.support(
          shape,
          prior.arguments.map((value) => (typeof value === 'number' ? value : undefined)),
        )

        it('names each of its arguments', () => {
          expect(distribution.argumentNames.length).toBe(prior.arguments.length)
        })

        it('has values inside its support, which pass through the real line unchanged', () => {
          expect(transform.constrainedShape).toEqual(shape)
          const constrain = float64([[...transform.unconstrainedShape]], (x) => transform.constrain(x))
          for (const value of valuesInside(prior))
            constrain(transform.unconstrain(value)).forEach((back, i) => {
              // The log of a value rounds relative to its size, at most 40 here.
              expect(Math.abs(back - value[i])).toBeLessThanOrEqual(40 * 4 * Number.EPSILON * Math.max(1, Math.abs(value[i])))
            })
        })

        it('has a finite log density there, one for each independent element', () => {
          const eventRank = logDensityRank(prior)
          const count = shape.slice(0, shape.length - eventRank).reduce((product, length) => product * length, 1)
          const logDensity = logDensityOf(prior)
          for (const value of valuesInside(prior)) {
            expect(logDensity(value).length).toBe(count)
            expect(logDensity(value).every(Number.isFinite)).toBe(true)
          }
        })

        it('compiles to a log density on the real line whose gradient is that of its value', () => {
          const unconstrained = [...transform.unconstrainedShape]
          const checkPoint = valuesInside(prior)
            .map((value) => transform.unconstrain(value))[0]
            .map((x) => Math.max(-2, Math.min(2, x)))
          const { logDensity } = compileLogDensity(
            [unconstrained],
            ([x]) => {
              const logProbability = tf.sum(distribution.logProbability(transform.constrain(x), tensors(prior)))
              // A flat prior needs something else in the posterior.
              const rest = distribution.isProper ? 0 : tf.sum(tf.square(x))
              return tf.sub(tf.add(logProbability, transform.logJacobian(x) ?? 0), rest)
            },
            { checkPoints: [[checkPoint]], strict: true },
          )
          expect(gradientError(logDensity, checkPoint)).toBeLessThan(GRADIENT_TOLERANCE)
        })

        it('refuses to be non-centred or is symmetric about its location', () => {
          const rebuild = module[exportName] as (...values: unknown[]) => Prior
          const options: PriorOptions = { shape: prior.shape, nonCentered: true }
          const again = (): Prior => rebuild(...constructorArguments(prior), options)
          if (!['normal', 'studentT', 'cauchy', 'laplace', 'elasticNet'].includes(exportName)) {
            expect(again).toThrow(UsageError)
            return
          }
          const location = prior.arguments.at(-2) as number
          const offsets = Float64Array.of(0.5, 1, 2, -0.5, -1, -2).map((offset) => location + offset)
          const values = logDensityOf(again())(offsets)
          for (const i of [0, 1, 2]) expect(Math.abs(values[i] - values[i + 3])).toBeLessThan(1e-13)
        })

        it.runIf(distribution.isProper)('draws the same from the same stream and otherwise from another', () => {
          expect(draws(prior, 1)).toEqual(draws(prior, 1))
          expect(draws(prior, 1)).not.toEqual(draws(prior, 2))
        })

        const named = builtFromNames(prior, module[exportName] as (...values: unknown[]) => Prior)
        it.runIf(named)('has the same density whether arguments are numbers or depend on parameters', () => {
          const [fromNumbers, fromNames] = [logDensityOf(prior), logDensityOf(prior, named?.distribution)]
          for (const value of valuesInside(prior)) {
            const expected = fromNumbers(value)
            // Two routes to the constant, each within 1e-14 of it.
            fromNames(value).forEach((actual, i) => {
              expect(Math.abs(actual - expected[i])).toBeLessThan(1e-13 * Math.max(1, Math.abs(expected[i])))
            })
          }
        })
      },
    )
  })
})

/** Axes of the parameter that one log density covers: none for a univariate family. */
function logDensityRank(prior: Prior): number {
  if (prior.shape.length === 0) return 0
  return prior.distribution.name === 'lkjCholesky' ? 2 : 1
}

/** The arguments that built an example; a constant covariance is no argument of the prior. */
function constructorArguments(prior: Prior): unknown[] {
  if (prior.distribution.name !== 'multivariateNormal') return [...prior.arguments]
  const size = lengths(prior.shape).at(-1) ?? 1
  return [prior.arguments[0], Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? 1 : 0))]
}

/** The example with names of parameters for its arguments; undefined when one of them must be a plain number. */
function builtFromNames(
  { distribution, arguments: values, shape }: Prior,
  build: (...values: unknown[]) => Prior,
): Prior | undefined {
  if (values.length === 0 || distribution.name === 'multivariateNormal') return undefined
  try {
    // A truncated family takes the location 0 as a number only.
    const replaced = distribution.argumentNames.map((name, i) => (name === 'location' && values[i] === 0 ? 0 : name))
    return build(...replaced, { shape })
  } catch (error) {
    if (error instanceof UsageError) return undefined
    throw error
  }
}
