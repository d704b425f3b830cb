import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { compileFunction, compileLogDensity } from '../../../src/engine/compile.js'
import type { Shape } from '../../../src/engine/shape.js'
import { ModelError } from '../../../src/errors/model-error.js'
import { UntraceableError } from '../../../src/errors/untraceable-error.js'
import { stream } from '../../../src/random/stream.js'

const name = 'the log density of model "made up"'
const compile = (build: (...inputs: tf.Tensor[]) => tf.Tensor, shapes: readonly Shape[] = [[3]], strict = true) =>
  compileLogDensity(shapes, (inputs) => build(...inputs), { checkPoints: [], inputNames: ['theta', 'phi'], name, strict })

function failureOf(body: () => unknown): ModelError {
  try {
    body()
  } catch (error) {
    if (error instanceof ModelError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('a model that cannot be compiled says what and why', () => {
  it('when it gives other numbers each time', () => {
    const source = stream(1, 'impure')
    const error = failureOf(() => compile((x) => tf.sum(tf.mul(x, source.uniform()))))
    expect(error.message).toMatch(/^the log density of model "made up" gives another computation each time .*random.*stream/)
    const random = () => compile((x) => tf.sum(tf.add(x, tf.randomNormal([3])))) // negative control: tfjs's own random numbers must be refused
    expect(random).toThrow('gives another computation each time')
  })
  it('when its structure changes from one recording to the next, though all constants are equal', () => {
    let count = 0
    expect(failureOf(() => compile((x) => tf.sum(count++ % 2 === 0 ? tf.sin(x) : tf.cos(x)))).message).toContain(
      'another computation',
    )
    count = 0
    const swapped = (x: tf.Tensor) => (count++ % 2 === 0 ? [tf.sin(x), tf.cos(x)] : [tf.cos(x), tf.sin(x)])
    expect(() => compileFunction([[3]], ([x]) => swapped(x), { checkPoints: [] })).toThrow('another computation')
    count = 0
    const sliced = (x: tf.Tensor) => tf.sum(tf.slice(x, [count++ % 2], [2]))
    expect(() => compile(sliced)).toThrow('another computation')
  })
  it('when its control flow depends on a parameter', () => {
    for (const read of [
      (x: tf.Tensor) => x.dataSync(),
      (x: tf.Tensor) => x.arraySync(),
      (x: tf.Tensor) => x.print(),
      (x: tf.Tensor) => x.data(),
    ]) {
      const error = failureOf(() =>
        compile((x) => {
          read(tf.exp(x))
          return tf.sum(x)
        }),
      )
      expect(error.details.problem).toContain('reads the value of a tensor that depends on its parameters')
      expect(error.details.remedy).toContain('tf.where')
    }
  })
  it('but may read what depends on data alone', () => {
    const readsData = (x: tf.Tensor) => {
      const [first] = tf.exp(tf.sub(tf.tensor1d([1, 3]), 1)).arraySync() as number[]
      return tf.mul(tf.sum(x), first === 1 ? 2 : 1)
    }
    const { logDensity } = compile(readsData)
    expect(logDensity.valueAndGradient(Float64Array.of(1, 2, 3), new Float64Array(3))).toBe(12)
  })
  it('when it does not return one number', () => {
    expect(failureOf(() => compile((x) => tf.square(x))).message).toMatch(
      /made up" has shape \[3\] instead of being one number .*tf\.sum/,
    )
    expect(compile((x) => tf.reshape(tf.sum(x), [1, 1])).engine.engine).toBe('webassembly')
  })
  it('when it ignores a parameter, or all of them', () => {
    const error = failureOf(() => compile((x) => tf.sum(x), [[3], [2]]))
    expect(error.message).toMatch(/does not depend on "phi" \(with a flat prior .* improper\)/)
    expect(failureOf(() => compile((x, y) => tf.add(tf.sum(x), tf.sum(tf.mul(y, 0))), [[3], [2]])).message).toContain('"phi"')
    expect(failureOf(() => compile(() => tf.scalar(1), [[3], [2]])).message).toContain('"theta", "phi"')
  })
  it('when shapes do not fit: the operation and the shapes are named', () => {
    expect(failureOf(() => compile((x, y) => tf.sum(tf.add(x, y)), [[3], [2]])).details.reason).toMatch(/\[3\].*\[2\].*"?add"?/)
    expect(failureOf(() => compile((x) => tf.sum(tf.matMul(x, x)), [[2, 3]])).details.reason).toMatch(
      /\[2,3\] and \[2,3\].*"matMul"/,
    )
    const fault = failureOf(() => compile((x) => tf.sum(tf.reshape(x, [2, 2]))))
    expect(fault.details).toMatchObject({ problem: `${name} fails` })
    expect(fault.details.reason).toMatch(/shape \[3\] cannot become \[2,2\]/)
    expect(fault.cause).toBeInstanceOf(Error)
  })
  it('when JavaScript fails in it', () => {
    const error = failureOf(() => compile((x) => tf.sum((undefined as unknown as { y: tf.Tensor }).y ?? x)))
    expect(error.message).toMatch(/made up" fails \(Cannot read properties of undefined \(reading 'y'\)\)/)
  })
  it('when an operation has no gradient', () => {
    const error = failureOf(() => compile((x) => tf.mul(tf.sum(x), tf.cast(tf.all(tf.greater(x, 0)), 'float32'))))
    expect(error.message).toMatch(/applies the tfjs operation "All" to something that depends on parameters .*no gradient/)
    expect(error).not.toBeInstanceOf(UntraceableError)
  })
})

/** The line of this file that it is called from. */
function lineHere(): number {
  const [, found] = /errors\.test\.ts:(\d+):\d+\)?$/m.exec(new Error().stack?.split('\n').slice(2).join('\n') ?? '') ?? []
  return Number(found)
}

describe('the message names the line of the model', () => {
  const cases: readonly [what: string, line: number, build: (x: tf.Tensor) => tf.Tensor][] = [
    ['a random operation', lineHere(), (x) => tf.sum(tf.add(x, tf.randomNormal([3])))], // must be refused here
    ['Math.random', lineHere(), (x) => tf.sum(tf.add(x, Math.random()))], // must be refused here
    ['reading a value', lineHere(), (x) => tf.sum(tf.mul(x, x.dataSync()[0]))],
    ['a condition on a value', lineHere(), (x) => (Number(tf.sum(x).arraySync()) > 0 ? tf.sum(x) : tf.sum(tf.neg(x)))],
    ['reading a value later', lineHere(), (x) => tf.sum([x.data(), x][1] as tf.Tensor)],
    ['an operation without a rule', lineHere(), (x) => tf.sum(tf.topk(x, 2).values)],
    ['an operation without a gradient', lineHere(), (x) => tf.sum(tf.mul(x, tf.cast(tf.all(tf.greater(x, 0)), 'float32')))],
    ['shapes that do not fit', lineHere(), (x) => tf.sum(tf.add(x, tf.ones([2])))],
    ['what tfjs refuses', lineHere(), (x) => tf.sum(tf.matMul(x as tf.Tensor2D, tf.ones([2, 2])))],
    ['a mistake in JavaScript', lineHere(), (x) => tf.sum((undefined as unknown as { y: tf.Tensor }).y ?? x)],
  ]
  it.each(cases)('for %s', (_, line, build) => {
    const { source } = failureOf(() => compile(build)).details
    expect(source).toMatch(new RegExp(`/test/unit/engine/errors\\.test\\.ts:${line}:\\d+$`))
  })
  it('and where the random operation is known, its name', () => {
    expect(failureOf(() => compile((x) => tf.sum(tf.dropout(x, 0.5)))).details.reason).toBe(
      'it calls the random operation tf.dropout',
    )
    const scaled = (x: tf.Tensor) => tf.sum(tf.mul(x, tf.randomUniform([3]))) // must be refused by name
    expect(failureOf(() => compile(scaled)).message).toMatch(/tf\.randomUniform\).* See \/.*:\d+:\d+$/)
  })
  it('but no line when none is at fault: what called us is not the model', () => {
    expect(failureOf(() => compile((x) => tf.square(x))).details.source).toBeUndefined()
    expect(failureOf(() => compile((x) => tf.sum(x), [[3], [2]])).details.source).toBeUndefined()
  })
  it('and stack traces are as long as before afterwards', () => {
    const before = Error.stackTraceLimit
    failureOf(() => compile((x) => tf.sum(tf.add(x, tf.ones([2])))))
    expect(Error.stackTraceLimit).toBe(before)
  })
})

describe('an operation without a rule', () => {
  const build = (x: tf.Tensor) =>
    tf.sum(
      tf
        .logicalXor(tf.greater(x, 0), tf.less(x, -10))
        .toFloat()
        .add(tf.mul(x, tf.cast(tf.argMax(tf.tensor1d([1, 5, 2])), 'float32'))),
    )
  it('is named and refused when strict', () => {
    const error = failureOf(() => compile(build))
    expect(error).toBeInstanceOf(UntraceableError)
    expect(error.message).toMatch(/made up" uses the tfjs operation "ArgMax", which cannot be compiled/)
  })
  it('otherwise makes the model run eagerly in float32, and the record says why', () => {
    const { logDensity, engine } = compile(build, [[3]], false)
    expect(engine).toMatchObject({ engine: 'eager', precision: 'float32' })
    expect(engine.fallbackReason).toContain('"ArgMax"')
    const gradient = new Float64Array(3)
    expect(logDensity.dimension).toBe(3)
    expect(logDensity.valueAndGradient(Float64Array.of(1, 0.1, 1), gradient)).toBeCloseTo(3 + 2.1, 5)
    expect(Array.from(gradient)).toEqual([1, 1, 1])
  })
  it('does the same to a function without gradient, whose record says so too', () => {
    const compiled = compileFunction([[3]], ([x]) => [tf.square(x), tf.argMax(x)], { checkPoints: [] })
    expect(compiled.engine).toMatchObject({ engine: 'eager', precision: 'float32' })
    expect(compiled.outputShapes).toEqual([[3], []])
    expect(compiled.call([Float64Array.of(1, 3, 2)]).map((values) => Array.from(values))).toEqual([[1, 9, 4], [1]])
  })
  it('and without a gradient is refused either way', () => {
    const einsum = (x: tf.Tensor) => tf.sum(tf.einsum('i,i->i', x, x))
    expect(failureOf(() => compile(einsum, [[3]], false)).message).toMatch(
      /operation "Einsum" to something that depends on parameters/,
    )
  })
})
