import * as tf from '@tensorflow/tfjs'
import { afterAll, describe, expect, it, vi } from 'vitest'
import type { LogDensity } from '../../../src/contract/log-density.js'
import { compileLogDensity } from '../../../src/engine/compile.js'
import { interpret } from '../../../src/engine/interpret.js'
import { kernelRules } from '../../../src/engine/kernels/families.js'
import { sizeOf } from '../../../src/engine/shape.js'
import { traceGraph } from '../../../src/engine/tfjs.js'
import { type KernelCase, kernelCases } from './kernel-cases.js'
import { compileGraph, derivative, evaluateEagerly, exactInputs, relativeDifference, runProgram } from './support.js'

const recorded = Object.fromEntries(
  Object.keys(kernelRules).map((name) => [name, vi.spyOn(kernelRules as Record<string, () => never>, name)]),
)
afterAll(() => vi.restoreAllMocks())

/** Arrays of a few elements: a few dozen roundings of 1.1e-16 each. */
const FLOAT64 = 1e-12
/** Inputs are exact in float32 and the cases have condition numbers below 100: 100 roundings of 6e-8, doubled for tfjs's own approximations. */
const FLOAT32 = 1.2e-5

const inputsOf = ({ shapes, between = [-2, 2] }: KernelCase, name: string) =>
  exactInputs(shapes, between, `${name} ${JSON.stringify(shapes)}`)
const outputsOf = (build: KernelCase['build']) => (inputs: tf.Tensor[]) => [build(...inputs)].flat()
const titleOf = ({ shapes }: KernelCase) => shapes.map((shape) => `[${shape}]`).join(' ')

/** A scalar in which every output element counts differently. */
const weighted = (build: KernelCase['build']) => (inputs: tf.Tensor[]) =>
  [build(...inputs)]
    .flat()
    .map((output) => {
      const weights = Array.from({ length: output.size }, (_, index) => 1 + Math.sin(3 * index + 1) / 2)
      return tf.sum(tf.mul(tf.cast(output, 'float32'), tf.tensor(weights, output.shape)))
    })
    .reduce((sum, next) => tf.add(sum, next))

const compiled = new Map<KernelCase, LogDensity>()
function compileScalar(one: KernelCase): LogDensity {
  const { shapes, build } = one
  const made = compiled.get(one) ?? compileLogDensity(shapes, weighted(build), { checkPoints: [], strict: true }).logDensity
  compiled.set(one, made)
  return made
}

describe('every kernel rule', () => {
  it('has cases, and the cases are of rules that exist', () => {
    expect(Object.keys(kernelCases).sort()).toEqual(Object.keys(kernelRules).sort())
  })

  for (const [name, cases] of Object.entries(kernelCases)) {
    describe(name, () => {
      it('is recorded by its cases', () => {
        const before = recorded[name].mock.calls.length
        for (const one of cases) {
          if (one.hasNoGradient) traceGraph(one.shapes, outputsOf(one.build))
          else compileScalar(one)
        }
        expect(recorded[name].mock.calls.length).toBeGreaterThanOrEqual(before + cases.length)
      })
      it('gives the same compiled, interpreted and by eager tfjs', () => {
        for (const one of cases) {
          const inputs = inputsOf(one, name)
          const graph = traceGraph(one.shapes, outputsOf(one.build))
          const interpreted = interpret(graph, inputs)
          const eager = evaluateEagerly(inputs, one.shapes, outputsOf(one.build))
          runProgram(compileGraph(graph), inputs).forEach((values, output) => {
            expect(relativeDifference(values, interpreted[output]), titleOf(one)).toBeLessThan(FLOAT64)
            if (!one.eagerFault) expect(relativeDifference(values, eager[output]), `${titleOf(one)} eager`).toBeLessThan(FLOAT32)
          })
        }
      })
      it.runIf(cases.some((one) => !one.hasNoGradient))('has the gradient that central differences show', () => {
        for (const one of cases) {
          const size = one.shapes.reduce((sum, shape) => sum + sizeOf(shape), 0)
          if (one.hasNoGradient || size === 0) continue
          const logDensity = compileScalar(one)
          const position = Float64Array.from(inputsOf(one, name).flatMap((values) => [...values]))
          const gradient = new Float64Array(size)
          logDensity.valueAndGradient(position, gradient)
          const ignored = new Float64Array(size)
          for (let index = 0; index < size; index++) {
            const { estimate, error } = derivative((step) => {
              const moved = position.slice()
              moved[index] += step
              return logDensity.valueAndGradient(moved, ignored)
            })
            expect(
              Math.abs(gradient[index] - estimate),
              `${titleOf(one)} element ${index}: ${gradient[index]} ${estimate}`,
            ).toBeLessThanOrEqual(error)
          }
        }
      })
    })
  }

  it('negative control: central differences tell a gradient that is wrong by one part in 10^5', () => {
    const { estimate, error } = derivative((step) => Math.exp(0.7 + step))
    expect(Math.abs(Math.exp(0.7) - estimate)).toBeLessThanOrEqual(error)
    expect(Math.abs(Math.exp(0.7) * (1 + 1e-5) - estimate)).toBeGreaterThan(error)
  })
})
