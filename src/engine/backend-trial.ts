import * as tf from '@tensorflow/tfjs'
import { cholesky, logGamma } from './operations.js'
import { optimise } from './optimise.js'
import { portableJavaScript } from './print-program.js'
import { instantiate } from './program.js'
import { schedule } from './schedule.js'
import { selfCheck } from './self-check.js'
import type { Shape } from './shape.js'
import { type EagerBackend, runEager, tensorFrom, traceGraph, valueAndGradients } from './tfjs.js'

/**
 * A trial of a tfjs backend: the value and the gradient of a small log density, made of the operations that models are made of, on the backend in
 * float32 against the compiled graph in float64. How far float32 may stray is measured on the graph itself, as in the self-check.
 */

const inputShapes: readonly Shape[] = [[3], [4], [], [2, 2]]
const inputNames = ['coefficients', 'intercepts', 'log scale', 'factor']
const point: readonly Float64Array[] = [
  Float64Array.of(0.3, -0.7, 0.2),
  Float64Array.of(0.1, -0.4, 0.6, 0.25),
  Float64Array.of(-0.5),
  Float64Array.of(0.9, 0.3, -0.2, 1.1),
]
/** 6 patients of 4 groups. */
const covariates = Array.from({ length: 18 }, (_, index) => Math.cos(1.7 * index))
const outcomes = Array.from({ length: 6 }, (_, index) => Math.sin(2.3 * index))
const groups = [0, 2, 1, 3, 2, 0]

function logDensity([coefficients, intercepts, logScale, factor]: tf.Tensor[]): tf.Tensor {
  const scale = tf.exp(logScale)
  const x = tensorFrom(covariates, [6, 3])
  const y = tensorFrom(outcomes, [6])
  const linear = tf.reshape(tf.matMul(x, tf.reshape(coefficients, [3, 1])), [6])
  const location = tf.add(linear, tf.gather(intercepts, tf.tensor1d(groups, 'int32')))
  const residual = tf.div(tf.sub(y, location), scale)
  const curved = tf.where(tf.greater(residual, 0), tf.softplus(residual), tf.tanh(residual))
  const weights = tf.softmax(tf.cumsum(intercepts))
  const covariance = tf.add(tf.matMul(factor, factor, false, true), tf.eye(2))
  const terms = [
    tf.mul(-0.5, tf.sum(tf.square(residual))),
    tf.neg(tf.mul(6, logScale)),
    tf.sum(tf.mul(curved, tf.sigmoid(location))),
    tf.sum(tf.log(tf.concat([weights, tf.sqrt(tf.abs(tf.slice(coefficients, 1, 2)))]))),
    tf.mean(tf.log1p(tf.maximum(location, 0))),
    tf.sum(tf.transpose(cholesky(covariance))),
    logGamma(tf.add(scale, 1)),
    tf.logSumExp(tf.tile(tf.expandDims(coefficients), [2, 1])),
  ]
  return tf.addN(terms)
}

/** Why the backend, which must have been started, may not be used; undefined when it may. */
export function backendFault(backend: EagerBackend): string | undefined {
  const build = (inputs: tf.Tensor[]) => valueAndGradients(logDensity, inputs)
  const name = `the trial of the tfjs backend "${backend}"`
  try {
    const graph = traceGraph(inputShapes, build, name)
    selfCheck({
      graph,
      program: instantiate(portableJavaScript(schedule(optimise(graph)))),
      points: [point],
      runEager: (inputs) => requireFinite(runEager(inputs, build, name, backend)),
      outputNames: ['the value', ...inputNames.map((input) => `the gradient of "${input}"`)],
    })
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** The self-check lets pass what overflows in float32; nothing here does. */
function requireFinite(outputs: readonly Float64Array[]): readonly Float64Array[] {
  if (outputs.every((values) => values.every(Number.isFinite))) return outputs
  throw new Error('a result is not a finite number')
}
