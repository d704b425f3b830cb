import { describe, expect, it } from 'vitest'
import type { CallKernel } from '../../../src/engine/kernels/call-kernel.js'
import { kernelForms } from '../../../src/engine/kernels/call-kernels.js'
import { portableJavaScript, portableWebAssembly } from '../../../src/engine/print-program.js'
import { instantiate } from '../../../src/engine/program.js'
import type { CallStep, Schedule } from '../../../src/engine/schedule.js'
import { stream } from '../../../src/random/stream.js'
import { runProgram } from './support.js'

/** One call: operands with their values, of which some are known when compiling, and the lengths of the results. */
interface Call {
  readonly kernel: string
  readonly operands: readonly { readonly values: readonly number[]; readonly isConstant?: boolean }[]
  readonly resultSizes: readonly number[]
  readonly settings: readonly number[]
  readonly isRead?: readonly boolean[]
}

/** Between all arrays and after the last, so that a write outside one is seen. */
const GUARD = [1234.5, -1234.5, 1234.5]

/** A program of this one call. Results are followed by guards; inputs cannot be, they lie one after another. */
function scheduleOf({ kernel, operands, resultSizes, settings, isRead }: Call): Schedule {
  let end = 0
  const take = (size: number): number => {
    end += size
    return end - size
  }
  const inputs = operands.filter((operand) => !operand.isConstant)
  const inputOffsets = inputs.map(({ values }) => take(values.length))
  const constants: { offset: number; values: Float64Array }[] = []
  const guard = () => constants.push({ offset: take(GUARD.length), values: Float64Array.from(GUARD) })
  const offsets = operands.map((operand) => {
    if (!operand.isConstant) return inputOffsets[inputs.indexOf(operand)]
    constants.push({ offset: end, values: Float64Array.from(operand.values) })
    return take(operand.values.length)
  })
  guard()
  const outputs = resultSizes.map((size) => {
    const offset = take(size)
    guard()
    return { offset, size }
  })
  const step: CallStep = {
    kind: 'call',
    kernel,
    operands: offsets,
    results: outputs.map(({ offset }) => offset),
    isRead: isRead ?? resultSizes.map(() => true),
    settings,
  }
  return { memorySize: end, inputOffsets, constants, steps: [step], outputs }
}

/** Results of both forms, after two runs each; throws where a form writes outside its results. */
function bothForms(call: Call): { javascript: Float64Array[]; webAssembly: Float64Array[] } {
  const schedule = scheduleOf(call)
  const inputs = call.operands.filter((operand) => !operand.isConstant).map(({ values }) => Float64Array.from(values))
  const [javascript, webAssembly] = [portableJavaScript(schedule), portableWebAssembly(schedule)].map((portable) => {
    const program = instantiate(portable)
    for (const { offset, size } of schedule.outputs) program.memory.fill(Number.NaN, offset, offset + size)
    runProgram(program, inputs)
    const results = runProgram(program, inputs)
    for (const { offset, values } of schedule.constants)
      if (!program.memory.subarray(offset, offset + values.length).every((value, index) => Object.is(value, values[index])))
        throw new Error(`${portable.engine} writes outside the results of ${call.kernel} ${call.settings}`)
    return results
  })
  return { javascript, webAssembly }
}

function expectSameBits(call: Call): Float64Array[] {
  const { javascript, webAssembly } = bothForms(call)
  javascript.forEach((expected, result) => {
    expect(differingBits(webAssembly[result], expected), `${call.kernel} ${call.settings}, result ${result}`).toEqual([])
  })
  return webAssembly
}

/** Elements that differ; zeros of different sign count as equal, and so do two NaN. */
function differingBits(actual: Float64Array, expected: Float64Array): number[] {
  return [...expected.keys()].filter((index) => !(actual[index] === expected[index] || Object.is(actual[index], expected[index])))
}

const uniform = (count: number, key: string): number[] => {
  const source = stream(3, 'call kernels', key)
  return Array.from({ length: count }, () => 2 * source.uniform() - 1)
}

/** Symmetric and diagonally dominant, `[count, size, size]`. */
function definite(count: number, size: number): number[] {
  const random = uniform(count * size * size, `definite ${count} ${size}`)
  return random.map((_, flat) => {
    const [matrix, row, column] = [Math.floor(flat / size ** 2), Math.floor(flat / size) % size, flat % size]
    const value = random[matrix * size ** 2 + Math.max(row, column) * size + Math.min(row, column)]
    return row === column ? size + value : value
  })
}

/** Both ways of printing, on both sides of where they change, one and no matrix, pairs and a matrix left over. */
const SIZES = [0, 1, 2, 3, 4, 5, 8, 13, 14, 16, 17, 18, 19, 25, 33]
const COUNTS = [0, 1, 2, 3, 5]
const eachSize = (body: (count: number, size: number) => void) => {
  for (const size of SIZES) for (const count of COUNTS) body(count, size)
}

const choleskyCall = (matrices: readonly number[], count: number, size: number): Call => ({
  kernel: 'cholesky',
  operands: [{ values: matrices }],
  resultSizes: [matrices.length],
  settings: [count, size],
})
const normalCall = (residual: readonly number[], covariance: readonly number[], count: number, size: number): Call => ({
  kernel: 'multivariateNormal',
  operands: [{ values: residual }, { values: covariance }],
  resultSizes: [count, count * size, count * size * size],
  settings: [count, size],
})

describe('every kernel', () => {
  it('has a WebAssembly form', () => {
    expect(Object.keys(kernelForms).filter((name) => !kernelForms[name].webAssembly)).toEqual([])
  })
  it('is called on the host when it has none', () => {
    const call = { kernel: 'cumulativeSum', operands: [{ values: [1, 2, 3] }], resultSizes: [3], settings: [1, 3, 1, 0, 0] }
    const forms = kernelForms as Record<string, CallKernel>
    const kept = forms.cumulativeSum
    forms.cumulativeSum = { javascript: kept.javascript }
    const portable = portableWebAssembly(scheduleOf(call))
    const { webAssembly } = bothForms(call)
    forms.cumulativeSum = kept
    expect(portable.engine === 'webassembly' && portable.calls.length).toBe(1)
    expect([...webAssembly[0]]).toEqual([1, 3, 6])
  })
  it('negative control: one element off by its last bit is seen', () => {
    const values = Float64Array.of(1, 2, Number.NaN)
    expect(differingBits(Float64Array.of(1, 2, Number.NaN), values)).toEqual([])
    expect(differingBits(Float64Array.of(1 + Number.EPSILON, 2, Number.NaN), values)).toEqual([0])
    expect(differingBits(Float64Array.of(1, 2, 0), values)).toEqual([2])
  })
})

describe('linear algebra in WebAssembly', () => {
  it('factorises as JavaScript does, to the last bit', () => {
    eachSize((count, size) => expectSameBits(choleskyCall(definite(count, size), count, size)))
  })
  it('differentiates factors as JavaScript does, to the last bit', () => {
    eachSize((count, size) => {
      const [l] = bothForms(choleskyCall(definite(count, size), count, size)).javascript
      const operands = [{ values: [...l] }, { values: uniform(l.length, `adjoint ${size}`) }]
      expectSameBits({ kernel: 'choleskyGradient', operands, resultSizes: [l.length], settings: [count, size] })
    })
  })
  it('solves triangular systems as JavaScript does, to the last bit, whatever stands above the diagonal', () => {
    eachSize((count, size) => {
      for (const width of [0, 1, 2, 3, 8, 9])
        for (const isTransposed of [0, 1]) {
          const l = definite(count, size).map((value, flat) =>
            flat % size > Math.floor(flat / size) % size ? Number.NaN : value,
          )
          const operands = [{ values: l }, { values: uniform(count * size * width, `sides ${size} ${width}`) }]
          const resultSizes = [count * size * width]
          const [x] = expectSameBits({
            kernel: 'triangularSolve',
            operands,
            resultSizes,
            settings: [count, size, width, isTransposed],
          })
          expect(x.every(Number.isFinite)).toBe(true)
        }
    })
  })
  it('gives the multivariate normal density to rounding of its logarithms, and its gradients to the last bit', () => {
    // Panels of eight begin at 48.
    const tiled = [47, 48, 49, 56, 71].flatMap((size) => [1, 2].map((count) => [count, size] as const))
    const compare = (count: number, size: number) => {
      const call = normalCall(uniform(count * size, `residual ${size}`), definite(count, size), count, size)
      const { javascript, webAssembly } = bothForms(call)
      // A sum of `size` logarithms of numbers below size + 1, each within one unit in the last place in either form.
      const rounding = 4 * Number.EPSILON * (size + 1) * (2 + Math.log(size + 1))
      javascript[0].forEach((value, matrix) => {
        expect(Math.abs(webAssembly[0][matrix] - value), `${count} x ${size}`).toBeLessThanOrEqual(rounding)
      })
      for (const result of [1, 2])
        expect(differingBits(webAssembly[result], javascript[result]), `${count} x ${size}, result ${result}`).toEqual([])
    }
    eachSize(compare)
    for (const [count, size] of tiled) compare(count, size)
  })
  it('leaves out results that nothing reads', () => {
    for (const size of [3, 20, 51]) {
      const call = normalCall(uniform(2 * size, 'residual'), definite(2, size), 2, size)
      const [value] = bothForms(call).webAssembly
      const alone = bothForms({ ...call, isRead: [true, false, false] }).webAssembly
      expect([...alone[0]]).toEqual([...value])
      expect(alone[2].every(Number.isNaN)).toBe(true)
    }
  })
  it('gives NaN for a matrix that is not positive definite, there only, and never traps', () => {
    for (const size of [1, 3, 13, 16, 17, 25, 50])
      for (const count of [1, 2, 3])
        for (const [pivot, bad] of [
          [0, 0],
          [0, -1],
          [size - 1, -1e3],
          [Math.floor(size / 2), Number.NaN],
          [0, Number.NEGATIVE_INFINITY],
          [0, Number.POSITIVE_INFINITY],
        ]) {
          const good = definite(count, size)
          const matrices = good.slice()
          matrices[pivot * size + pivot] = bad
          const factor = expectSameBits(choleskyCall(matrices, count, size))[0]
          if (bad !== Number.POSITIVE_INFINITY) expect(factor[pivot * size + pivot]).toBeNaN()
          const residual = uniform(count * size, 'residual')
          const { webAssembly, javascript } = bothForms(normalCall(residual, matrices, count, size))
          if (bad !== Number.POSITIVE_INFINITY) expect(webAssembly[0][0]).toBeNaN()
          for (const result of [1, 2]) expect(differingBits(webAssembly[result], javascript[result])).toEqual([])
          const expected = bothForms(normalCall(residual, good, count, size)).webAssembly
          const others = webAssembly.map((values) => [...values.slice(values.length / count)])
          expect(others).toEqual(expected.map((values) => [...values.slice(values.length / count)]))
        }
  })
})

describe('lookups in WebAssembly', () => {
  const shapes = [
    { outer: 1, length: 5, inner: 1 },
    { outer: 3, length: 4, inner: 1 },
    { outer: 2, length: 3, inner: 2 },
    { outer: 2, length: 3, inner: 5 },
    { outer: 1, length: 1, inner: 0 },
  ]
  const source = stream(4, 'indices')
  const indicesBelow = (length: number, count: number) =>
    Array.from({ length: count }, () => Math.floor(source.uniform() * length))

  it('gathers by known and by computed indices as JavaScript does, few and many', () => {
    for (const { outer, length, inner } of shapes)
      for (const count of [0, 1, 2, 7, 500])
        for (const isConstant of [true, false]) {
          const indices = { values: indicesBelow(length, count), isConstant }
          const operands = [{ values: uniform(outer * length * inner, 'source') }, indices]
          expectSameBits({
            kernel: 'gather',
            operands,
            resultSizes: [outer * count * inner],
            settings: [outer, length, inner, count],
          })
        }
  })
  it('gives NaN for indices outside, known or computed, and never reads there', () => {
    for (const inner of [1, 2, 3])
      for (const isConstant of [true, false]) {
        const values = [-1, 0, 2, 3, 4, 1e300, -1e300, Number.NaN, Number.POSITIVE_INFINITY]
        const operands = [{ values: uniform(4 * inner, 'source') }, { values, isConstant }]
        const call = { kernel: 'gather', operands, resultSizes: [values.length * inner], settings: [1, 4, inner, values.length] }
        const [out] = expectSameBits(call)
        const isMissing = values.map((_, i) => Number.isNaN(out[i * inner]))
        expect(isMissing).toEqual([true, false, false, false, true, true, true, true, true])
      }
  })
  it('sums by segment as JavaScript does, to the last bit when segments are short', () => {
    for (const inner of [0, 1, 2, 5])
      for (const [count, segments] of [
        [0, 3],
        [5, 0],
        [5, 1],
        [20, 15],
        [900, 300],
      ])
        for (const isConstant of [true, false]) {
          const ids = Array.from({ length: count }, (_, row) => ((7 * row) % (segments + 2)) - 1)
          const operands = [{ values: uniform(count * inner, 'rows') }, { values: ids, isConstant }]
          expectSameBits({ kernel: 'segmentSum', operands, resultSizes: [segments * inner], settings: [segments, inner, count] })
        }
  })
  it('sums long segments to rounding', () => {
    for (const inner of [1, 3])
      for (const count of [30, 1001]) {
        const ids = Array.from({ length: count }, (_, row) => (row * row) % 3)
        const operands = [{ values: uniform(count * inner, 'rows') }, { values: ids, isConstant: true }]
        const call = { kernel: 'segmentSum', operands, resultSizes: [3 * inner], settings: [3, inner, count] }
        const { javascript, webAssembly } = bothForms(call)
        // Sums of at most `count` terms below one: each addition errs by half a unit in the last place of at most `count`.
        javascript[0].forEach((value, index) => {
          expect(Math.abs(webAssembly[0][index] - value)).toBeLessThanOrEqual((count * count * Number.EPSILON) / 2)
        })
      }
  })
})

describe('running sums and products in WebAssembly', () => {
  const settings = [0, 1].flatMap((exclusive) => [0, 1].map((reverse) => [exclusive, reverse]))
  const shapes = [
    [1, 1, 1],
    [1, 5, 1],
    [3, 4, 1],
    [11, 11, 1],
    [13, 3, 1],
    [2, 3, 2],
    [2, 5, 3],
    [1, 300, 1],
    [7, 100, 1],
    [3, 100, 3],
    [0, 3, 1],
    [2, 0, 3],
    [2, 3, 0],
  ]
  it('are those of JavaScript to the last bit, along any axis and both ways', () => {
    for (const shape of shapes)
      for (const flags of settings) {
        const size = shape.reduce((product, length) => product * length, 1)
        const x = { values: uniform(size, `x ${shape}`) }
        const dy = { values: uniform(size, `dy ${shape}`) }
        const call = { resultSizes: [size], settings: [...shape, ...flags] }
        expectSameBits({ ...call, kernel: 'cumulativeSum', operands: [x] })
        expectSameBits({ ...call, kernel: 'cumulativeProduct', operands: [x] })
        expectSameBits({ ...call, kernel: 'cumulativeProductGradient', operands: [dy, x] })
      }
  })
  it('the gradient of products is that of the products of all others, zeros included', () => {
    const x = [2, 0, 3, 0, 5]
    const dy = [1, 10, 100, 1000, 10000]
    const productWithout = (from: number, to: number, skipped: number) =>
      x.slice(from, to).reduce((product, value, k) => (from + k === skipped ? product : product * value), 1)
    for (const [isExclusive, isReversed] of settings) {
      const expected = x.map((_, k) =>
        dy.reduce((sum, slope, i) => {
          const [from, to] = isReversed ? [i + isExclusive, x.length] : [0, i + 1 - isExclusive]
          return k >= from && k < to ? sum + slope * productWithout(from, to, k) : sum
        }, 0),
      )
      const operands = [{ values: dy }, { values: x }]
      const call = {
        kernel: 'cumulativeProductGradient',
        operands,
        resultSizes: [5],
        settings: [1, 5, 1, isExclusive, isReversed],
      }
      expect([...bothForms(call).webAssembly[0]]).toEqual(expected)
    }
  })
})

describe('a program', () => {
  it('keeps apart the working space of calls of different sizes', () => {
    const [small, large] = [definite(2, 18), definite(3, 25)]
    const first = scheduleOf(choleskyCall(small, 2, 18))
    const call = choleskyCall(large, 3, 25)
    const shift = first.memorySize
    const second = scheduleOf(call)
    const moved = (offset: number) => offset + shift
    const step = second.steps[0] as CallStep
    const joined: Schedule = {
      memorySize: first.memorySize + second.memorySize,
      inputOffsets: [...first.inputOffsets, ...second.inputOffsets.map(moved)],
      constants: [],
      steps: [...first.steps, { ...step, operands: step.operands.map(moved), results: step.results.map(moved) }, ...first.steps],
      outputs: [...first.outputs, ...second.outputs.map(({ offset, size }) => ({ offset: moved(offset), size }))],
    }
    const inputs = [Float64Array.from(small), Float64Array.from(large)]
    const together = runProgram(instantiate(portableWebAssembly(joined)), inputs)
    const expected = [bothForms(choleskyCall(small, 2, 18)), bothForms(call)].map(({ webAssembly }) => webAssembly[0])
    expect(together.map((values) => [...values])).toEqual(expected.map((values) => [...values]))
  })
})
