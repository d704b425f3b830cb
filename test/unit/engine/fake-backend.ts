import * as tf from '@tensorflow/tfjs'
import type { PackageLoader } from '../../../src/engine/choose-backend.js'

/** What differs from the backend `cpu`, of which a fake backend is a copy under another name. */
export interface Differences {
  /** Kernels that it lacks. */
  readonly lacks?: readonly string[]
  /** Kernels whose results are put through a function. */
  readonly changes?: Readonly<Record<string, (value: number) => number>>
  /** Rejects instead of starting. */
  readonly failsToStart?: boolean
}

export const wasmPackage = '@tensorflow/tfjs-backend-wasm'

/** As Node rejects the import of a package that is not there. */
export function absent(name: string): Error {
  return Object.assign(new Error(`Cannot find package '${name}' imported from x.js`), { code: 'ERR_MODULE_NOT_FOUND' })
}

/** Every package is absent, but for that of wasm, which registers a fake that starts asynchronously as the real one does. */
export function withFakeWasm(differences: Differences = {}): PackageLoader {
  return async (name) => {
    if (name !== wasmPackage) throw absent(name)
    registerFake('wasm', differences)
  }
}

function registerFake(backendName: string, { lacks = [], changes = {}, failsToStart }: Differences): void {
  removeFake(backendName)
  const start = tf.findBackendFactory('cpu')
  tf.registerBackend(backendName, async () => (failsToStart ? Promise.reject(new Error('no memory')) : start()), 2)
  for (const kernel of tf.getKernelsForBackend('cpu')) {
    if (lacks.includes(kernel.kernelName)) continue
    const change = changes[kernel.kernelName]
    tf.registerKernel({ ...kernel, backendName, kernelFunc: change ? changed(kernel, change) : kernel.kernelFunc })
  }
}

function changed(kernel: tf.KernelConfig, change: (value: number) => number): tf.KernelFunc {
  return (call) => {
    const info = kernel.kernelFunc(call) as tf.TensorInfo
    const backend = call.backend as tf.KernelBackend
    const values = backend.readSync(info.dataId) as Float32Array
    return { ...info, dataId: backend.write(values.map(change), info.shape, info.dtype) }
  }
}

export function removeFake(backendName = 'wasm'): void {
  for (const { kernelName } of tf.getKernelsForBackend(backendName)) tf.unregisterKernel(kernelName, backendName)
  if (tf.findBackendFactory(backendName)) tf.removeBackend(backendName)
}
