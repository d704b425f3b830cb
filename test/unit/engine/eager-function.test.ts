import * as tf from '@tensorflow/tfjs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { normal, normalLogProbability } from '../../../src/distributions/normal.js'
import { chooseEagerBackend, tryBackend } from '../../../src/engine/choose-backend.js'
import { compileFunction } from '../../../src/engine/compile.js'
import { fit } from '../../../src/fitting/fit.js'
import { model } from '../../../src/language/model.js'
import { removeFake, withFakeWasm } from './fake-backend.js'

/** A running difference, as a convolution: an operation that has no rule. `[5] -> [4]` */
function differences(x: tf.Tensor): tf.Tensor {
  const filter = tf.tensor3d([-1, 1], [2, 1, 1])
  return tf.reshape(tf.conv1d(tf.reshape(x, [5, 1]) as tf.Tensor2D, filter, 1, 'valid'), [4])
}
const point = Float64Array.of(1, 3, 2, 7, 7)
const expected = [2, -1, 5, 0]
const compiled = (eagerBackend?: 'wasm') =>
  compileFunction([[5]], ([x]) => [differences(x)], { name: 'the differences', checkPoints: [[point]], eagerBackend })

describe('what cannot be compiled', () => {
  afterEach(() => removeFake())

  it('is evaluated on cpu unless told otherwise, with the reason', () => {
    const { call, engine, outputShapes } = compiled()
    expect([...call([point])[0]]).toEqual(expected)
    expect(outputShapes).toEqual([[4]])
    expect(engine).toMatchObject({ engine: 'eager', precision: 'float32' })
    expect(engine.fallbackReason).toMatch(/uses the tfjs operation "Conv2D".*; it is evaluated on the tfjs backend "cpu"$/)
  })

  it('is evaluated on the backend that was chosen, and the reason names it', async () => {
    let calls = 0
    const count = (value: number) => {
      calls++
      return value
    }
    await tryBackend('wasm', withFakeWasm({ changes: { Conv2D: count } }))
    const { call, engine } = compiled('wasm')
    calls = 0
    expect([...call([point])[0]]).toEqual(expected)
    expect(calls).toBe(expected.length)
    expect(engine.fallbackReason).toMatch(/; it is evaluated on the tfjs backend "wasm"$/)
  })

  it.each([
    ['lacks an operation of it', { lacks: ['Conv2D'] }, /"cpu", because "wasm" cannot evaluate it \(.*Conv2D/],
    ['disagrees about it', { changes: { Conv2D: (value: number) => 1.1 * value } }, /"cpu", because "wasm" disagrees with it/],
  ])('is evaluated on cpu when a backend that passed its trial %s', async (_, difference, reason) => {
    expect(await tryBackend('wasm', withFakeWasm(difference))).toMatchObject({ status: 'works' })
    const { call, engine } = compiled('wasm')
    expect([...call([point])[0]]).toEqual(expected)
    expect(engine.fallbackReason).toMatch(reason)
  })
})

describe('fit', () => {
  beforeEach(() => removeFake())

  it('names the tfjs backend that a model ran on which cannot be compiled', async () => {
    const data = { y: Float64Array.from(expected) }
    const walk = model({
      name: 'walk',
      parameters: (_: typeof data) => ({ level: normal(0, 5, { shape: [5] }) }),
      logLikelihood: ({ level }, { y }) => normalLogProbability(y, differences(level), 1),
    })
    const { backend } = await chooseEagerBackend()
    const { engine } = await fit(walk, data, { seed: 1, chains: 1, warmup: 5, draws: 5 })
    expect(engine).toMatchObject({ engine: 'eager', precision: 'float32' })
    expect(engine.fallbackReason).toContain(`it is evaluated on the tfjs backend "${backend}"`)
  })
})
