import * as tf from '@tensorflow/tfjs'
import { afterEach, describe, expect, it } from 'vitest'
import { findEagerBackend, tryBackend } from '../../../src/engine/choose-backend.js'
import { absent, removeFake, wasmPackage, withFakeWasm } from './fake-backend.js'

const nothing = async (name: string) => {
  throw absent(name)
}
const wasm = (differences = {}) => tryBackend('wasm', withFakeWasm(differences))

afterEach(() => removeFake())

describe('findEagerBackend', () => {
  it('takes cpu when nothing else is installed, and says so of each package', async () => {
    expect(await findEagerBackend(nothing)).toEqual({
      backend: 'cpu',
      trials: [
        { backend: 'tensorflow', package: '@tensorflow/tfjs-node', status: 'not installed' },
        { backend: 'wasm', package: wasmPackage, status: 'not installed' },
        { backend: 'cpu', status: 'works' },
      ],
    })
  })

  it('takes the first that works and tries no further', async () => {
    const { backend, trials } = await findEagerBackend(withFakeWasm())
    expect(backend).toBe('wasm')
    expect(trials.map(({ status }) => status)).toEqual(['not installed', 'works'])
  })

  it('goes on to the next when one is installed but wrong', async () => {
    const { backend, trials } = await findEagerBackend(withFakeWasm({ changes: { Exp: (value: number) => 1.01 * value } }))
    expect(backend).toBe('cpu')
    expect(trials.map(({ status }) => status)).toEqual(['not installed', 'fails', 'works'])
  })

  it('leaves the active backend, and the one that tfjs would take by itself', async () => {
    await tf.setBackend('cpu')
    await findEagerBackend(withFakeWasm())
    expect(tf.getBackend()).toBe('cpu')
    expect(tf.square(3).dataSync()[0]).toBe(9)
    await findEagerBackend(async (name) => {
      if (name !== wasmPackage) throw absent(name)
      await withFakeWasm()(name)
      await tf.setBackend('wasm') // as tfjs-node does when it is imported
    })
    expect(tf.getBackend()).toBe('cpu')
  })
})

describe('tryBackend', () => {
  it('interprets kernels that the backend lacks, such as the gradient of gather', async () => {
    expect(await wasm({ lacks: ['UnsortedSegmentSum', 'Cumsum', 'Softmax', 'Transpose'] })).toMatchObject({ status: 'works' })
  })

  it.each([
    ['a kernel is off by 1%', { changes: { Tanh: (value: number) => 1.01 * value } }, /eager tfjs in float32/],
    [
      'the gradient of gather is zero',
      { changes: { UnsortedSegmentSum: () => 0 } },
      /eager tfjs in float32 in the gradient of "intercepts"/,
    ],
    ['a kernel gives what is no number', { changes: { Log1p: () => Number.NaN } }, /not a finite number/],
    ['the backend does not start', { failsToStart: true }, /^no memory$/],
  ])('fails when %s', async (_, differences, reason) => {
    const trial = await wasm(differences)
    expect(trial.status).toBe('fails')
    expect(trial.reason).toMatch(reason)
  })

  it.each([
    ['is installed without its binary', new Error('The native addon module (tfjs_binding.node) can not be found.'), 'fails'],
    ['lacks a package of its own', absent('@mapbox/node-pre-gyp'), 'fails'],
    ['throws what is no Error', { message: 'aborted' }, 'fails'],
    ['is not installed, in the words of a bundler', new Error("Cannot find module '@tensorflow/tfjs-node'"), 'not installed'],
    [
      'is not installed, in the words of a browser',
      new Error('Failed to resolve module specifier "@tensorflow/tfjs-node"'),
      'not installed',
    ],
  ])('of a package that %s', async (_, error, status) => {
    const trial = await tryBackend('tensorflow', () => Promise.reject(error))
    expect(trial).toMatchObject({ package: '@tensorflow/tfjs-node', status })
    if (status === 'fails') expect(error.message).toContain(trial.reason)
  })

  it('fails when the package registers no such backend', async () => {
    expect(await tryBackend('tensorflow', async () => {})).toMatchObject({
      status: 'fails',
      reason: 'no backend "tensorflow" was registered',
    })
  })

  it('lets what is compiled meanwhile go on while the backend is starting', async () => {
    const trial = wasm()
    expect(await tryBackend('cpu')).toMatchObject({ status: 'works' })
    expect((await trial).status).toBe('works')
  })
})
