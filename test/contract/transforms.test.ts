import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import type { Transform } from '../../src/contract/transform.js'
import { compileLogDensity } from '../../src/engine/compile.js'
import { UsageError } from '../../src/errors/usage-error.js'
import { fillNormal } from '../../src/random/fill-normal.js'
import { stream } from '../../src/random/stream.js'
import { float64 } from '../unit/distributions/float64.js'
import { GRADIENT_TOLERANCE, gradientError } from './differences.js'
import { discover } from './discover.js'

const subjects = await discover('src/transforms')
const POINT_COUNT = 20

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1)

describe('transforms', () => {
  it('are found in their folder', () => {
    expect(subjects.map(({ file }) => file)).toEqual(expect.arrayContaining(['identity', 'simplex', 'cholesky-correlation']))
  })

  describe.each(subjects)('$file', ({ file, exportName, module }) => {
    const examples = (module.examples ?? []) as Transform[]

    it('exports a constructor of its name and examples', () => {
      expect(typeof module[exportName]).toBe('function')
      expect(examples.length).toBeGreaterThan(0)
      expect(examples.map(({ name }) => name)).toEqual(examples.map(() => file))
    })

    describe.each(examples.map((transform) => ({ transform, title: `[${transform.constrainedShape.join(', ')}]` })))(
      '$title',
      ({ transform }) => {
        const shape = [...transform.unconstrainedShape]
        const source = stream(1, 'contract', file, ...shape)
        const points = Array.from({ length: POINT_COUNT }, () => fillNormal(source, new Float64Array(sizeOf(shape))))
        const constrain = float64([shape], (x) => transform.constrain(x))

        it('maps the real line to its shape and back', () => {
          for (const point of points) {
            const constrained = constrain(point)
            expect(constrained.length).toBe(sizeOf(transform.constrainedShape))
            transform.unconstrain(constrained).forEach((value, i) => {
              // Inverses amplify rounding by at most exp(2 * 4), the ratio of parts of a simplex or of a partial correlation to its rest.
              expect(Math.abs(value - point[i])).toBeLessThan(Math.exp(8) * 16 * Number.EPSILON)
            })
          }
        })

        it('keeps eager tfjs and float64 in agreement to float32', () => {
          const float32 = 2 ** -23
          for (const point of points) {
            const eager = tf.tidy(() => transform.constrain(tf.tensor(Array.from(point), shape)).dataSync())
            constrain(point).forEach((value, i) => {
              expect(Math.abs(eager[i] - value)).toBeLessThan(32 * float32 * Math.max(1, Math.abs(value)))
            })
          }
        })

        it('has a scalar log Jacobian, or none, that can be differentiated with the value', () => {
          const { logDensity } = compileLogDensity(
            [shape],
            ([x]) => {
              const logJacobian = transform.logJacobian(x)
              expect(logJacobian?.shape ?? []).toEqual([])
              return tf.add(tf.sum(tf.square(transform.constrain(x))), logJacobian ?? 0)
            },
            { checkPoints: [[points[0]]], strict: true },
          )
          for (const point of points) expect(gradientError(logDensity, point)).toBeLessThan(GRADIENT_TOLERANCE)
        })

        it('refuses values that are not numbers', () => {
          const nothing = new Float64Array(sizeOf(transform.constrainedShape)).fill(Number.NaN)
          expect(() => transform.unconstrain(nothing)).toThrow(UsageError)
        })
      },
    )
  })
})
