import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { tryBackend } from '../../../src/engine/choose-backend.js'
import { compileFunction, compileLogDensity } from '../../../src/engine/compile.js'

const trial = await tryBackend('wasm')

describe.skipIf(trial.status === 'not installed')(
  'the real WebAssembly backend, skipped where its package is not installed',
  () => {
    it('works', () => {
      expect(trial).toEqual({ backend: 'wasm', package: '@tensorflow/tfjs-backend-wasm', status: 'works' })
    })

    it('evaluates a log density with the gradient of gather, which it lacks, as the compiled program does', () => {
      const logDensity = ([x]: tf.Tensor[]) =>
        tf.sum(tf.square(tf.sub(tf.gather(x, tf.tensor1d([0, 2, 2, 1], 'int32')), [1, 2, 3, 4])))
      const point = Float64Array.of(0.5, -1, 2)
      const [fast, eager] = [undefined, 'eager' as const].map((prefer) =>
        compileLogDensity([[3]], logDensity, { checkPoints: [[point]], prefer, eagerBackend: 'wasm' }),
      )
      expect(eager.engine.fallbackReason).toMatch(/the tfjs backend "wasm"$/)
      const [exact, rounded] = [new Float64Array(3), new Float64Array(3)]
      // Sums of a few small binary fractions are exact in float32.
      expect(eager.logDensity.valueAndGradient(point, rounded)).toBe(fast.logDensity.valueAndGradient(point, exact))
      expect(rounded).toEqual(exact)
    })

    it('leaves to cpu a function with an operation that it lacks and that has no rule', () => {
      const transform = ([x]: tf.Tensor[]) => [tf.real(tf.spectral.fft(tf.complex(x, tf.zerosLike(x))))]
      const { call, engine } = compileFunction([[2]], transform, { checkPoints: [[Float64Array.of(1, 2)]], eagerBackend: 'wasm' })
      expect([...call([Float64Array.of(3, 1)])[0]]).toEqual([4, 2])
      expect(engine.fallbackReason).toMatch(/the tfjs backend "cpu", because "wasm" cannot evaluate it/)
    })
  },
)
