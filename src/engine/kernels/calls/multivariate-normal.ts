import type { CallArguments, CallKernel, Index, Matrix, Systems, Value, WorkingMatrix } from '../call-kernel.js'
import { add, after, divide, multiply, positive, subtract, zero } from './expressions.js'
import { printTiledDensity } from './multivariate-normal-tiled.js'

/**
 * Log density of N(0, A) at r, -(r' A^-1 r + log det A + k log 2 pi) / 2, with its gradients for a weight of one: -s with respect to r and
 * (s s' - A^-1) / 2 with respect to A, where s = A^-1 r. The matrix is factorised as A = L D L' with a unit diagonal in L, which needs no square
 * roots; A^-1 = W' D^-1 W with W = L^-1.
 *
 * Results: the value `[count]`, s `[count, size]`, the gradient of the covariance `[count, size, size]`. settings: matrices, size. The two forms
 * compute the gradients by the same operations in the same order, to the last bit; the value contains logarithms, in which they may differ by rounding.
 */
export const multivariateNormal: CallKernel = {
  javascript: (memory, [residual, covariance], [value, solved, gradient], [count, size]) => {
    for (let matrix = 0; matrix < count; matrix++) {
      const square = matrix * size * size
      const [r, s, l] = [residual + matrix * size, solved + matrix * size, gradient + square]
      memory[value + matrix] = densityOfOne(memory, r, covariance + square, s, l, size)
      invert(memory, l, size)
      gradientFromInverse(memory, s, l, size)
    }
  },
  webAssembly: (printer, call) => {
    const [count, size] = call.settings
    if (size >= TILED_SIZE) return printTiledDensity(printer, call)
    printer.systems(count, size <= SMALL_SIZE, (systems) => printDensity(systems, call))
  },
}

/** Sizes up to which code without loops is the faster (measured with ten matrices). */
const SMALL_SIZE = 13
/** Sizes from which panels and tiles are the faster. */
const TILED_SIZE = 48

const LOG_TWO_PI = 1.8378770664093453

/** Writes A^-1 r to `s`, and to `l` the rows of L below the diagonal and 1 / D on it. */
function densityOfOne(memory: Float64Array, residual: number, a: number, s: number, l: number, size: number): number {
  let quadratic = 0
  let logDeterminant = 0
  for (let row = 0; row < size; row++) {
    for (let other = row; other < size; other++) {
      let sum = memory[a + other * size + row]
      for (let k = 0; k < row; k++) sum -= memory[l + other * size + k] * (memory[l + row * size + k] * memory[l + k * size + k])
      memory[l + other * size + row] = sum
    }
    let rest = memory[residual + row]
    for (let k = 0; k < row; k++) rest -= memory[s + k] * (memory[l + row * size + k] * memory[l + k * size + k])
    const square = memory[l + row * size + row]
    const pivot = square > 0 ? square : Number.NaN
    const reciprocal = 1 / pivot
    for (let other = row + 1; other < size; other++) memory[l + other * size + row] *= reciprocal
    memory[l + row * size + row] = pivot
    memory[s + row] = rest * reciprocal
    quadratic += rest * memory[s + row]
    logDeterminant += Math.log(pivot)
  }
  for (let row = 0; row < size; row++) memory[l + row * size + row] = 1 / memory[l + row * size + row]
  solveBackward(memory, s, l, size)
  return -0.5 * (quadratic + logDeterminant + size * LOG_TWO_PI)
}

function solveBackward(memory: Float64Array, s: number, l: number, size: number): void {
  for (let row = size - 1; row >= 0; row--) {
    let sum = memory[s + row]
    for (let k = size - 1; k > row; k--) sum -= memory[s + k] * memory[l + k * size + row]
    memory[s + row] = sum
  }
}

/** Replaces L below the diagonal by W; each row is needed only for itself once it is inverted. */
function invert(memory: Float64Array, l: number, size: number): void {
  for (let row = 0; row < size; row++)
    for (let column = 0; column < row; column++) {
      let sum = -memory[l + row * size + column]
      for (let k = column + 1; k < row; k++) sum -= memory[l + k * size + column] * memory[l + row * size + k]
      memory[l + row * size + column] = sum
    }
}

/** Replaces W and 1 / D by (s s' - W' D^-1 W) / 2; rows above the current one are no longer needed. */
function gradientFromInverse(memory: Float64Array, s: number, w: number, size: number): void {
  for (let row = 0; row < size; row++)
    for (let column = 0; column <= row; column++) {
      const diagonal = memory[w + row * size + row]
      let sum = row === column ? diagonal : memory[w + row * size + column] * diagonal
      for (let k = row + 1; k < size; k++)
        sum += memory[w + k * size + column] * (memory[w + k * size + row] * memory[w + k * size + k])
      const element = 0.5 * (memory[s + row] * memory[s + column] - sum)
      memory[w + column * size + row] = element
      memory[w + row * size + column] = element
    }
}

interface Factor {
  /** L', and in a further column D^-1 L^-1 r. */
  readonly unit: WorkingMatrix
  readonly pivots: WorkingMatrix
  readonly reciprocals: WorkingMatrix
}

function printDensity(systems: Systems, { operands: [residual, covariance], results, settings, isRead }: CallArguments): void {
  const [value, solved, gradient] = results
  const size = settings[1]
  const factor: Factor = {
    unit: systems.working(size, size + 1),
    pivots: systems.working(1, size),
    reciprocals: systems.working(1, size),
  }
  const given = systems.upperTriangle(covariance, size, residual)
  systems.matrix(value, 1, 1).set(0, 0, systems.keep(printFactorisation(systems, given, factor, size)))
  if (!isRead[1] && !isRead[2]) return
  const l = systems.transposed(factor.unit, size)
  const s = printSolution(systems, factor, l, solved, size)
  if (isRead[2]) printGradient(systems, { l, s, reciprocals: factor.reciprocals, gradient }, size)
}

/** Returns the density. The residual is one more column of the matrix, so that it is solved for on the way. */
function printFactorisation(systems: Systems, given: Matrix, { unit, pivots, reciprocals }: Factor, size: number): Value {
  const width = size + 1
  const quadratic = systems.variable(zero)
  const logDeterminant = systems.variable(zero)
  systems.loop(0, size, (row) => {
    systems.columns(row, width, (columns) => {
      const sums = columns.map((column) => systems.variable(given.vector(row, column)))
      systems.loop(0, row, (k) => {
        const element = systems.keep(multiply(unit.get(k, row), pivots.get(0, k)))
        columns.forEach((column, position) => {
          const sum = sums[position]
          sum.assign(subtract(sum.value, multiply(unit.vector(k, column), element)))
        })
      })
      columns.forEach((column, position) => {
        unit.store(row, column, sums[position].value)
      })
    })
    const pivot = systems.keep(positive(systems.keep(unit.get(row, row))))
    const reciprocal = systems.keep(divide(1, pivot))
    const rest = systems.keep(unit.get(row, size))
    systems.columns(row, width, (columns) => {
      for (const column of columns) unit.store(row, column, multiply(unit.vector(row, column), reciprocal))
    })
    pivots.set(0, row, pivot)
    reciprocals.set(0, row, reciprocal)
    quadratic.assign(add(quadratic.value, multiply(rest, unit.get(row, size))))
    logDeterminant.assign(add(logDeterminant.value, systems.call('logarithm', pivot)))
  })
  return multiply(-0.5, add(add(quadratic.value, logDeterminant.value), size * LOG_TWO_PI))
}

/** The solution of L' s = D^-1 L^-1 r, which it also writes to `solved`. */
function printSolution(systems: Systems, { unit }: Factor, l: Matrix, solved: number, size: number): Matrix {
  const [rest, s] = [systems.working(1, size), systems.working(1, size)]
  const result = systems.matrix(solved, 1, size)
  systems.loop(0, size, (row) => rest.set(0, row, unit.get(row, size)))
  systems.loopDown(0, size, (k) => {
    const unknown = systems.keep(rest.get(0, k))
    result.set(0, k, unknown)
    s.set(0, k, unknown)
    systems.columns(0, k, (columns) => {
      for (const row of columns) rest.store(0, row, subtract(rest.vector(0, row), multiply(unknown, l.vector(k, row))))
    })
  })
  return s
}

interface Solved {
  readonly l: Matrix
  readonly s: Matrix
  readonly reciprocals: Matrix
  readonly gradient: number
}

function printGradient(systems: Systems, { l, s, reciprocals, gradient }: Solved, size: number): void {
  const [inverse, scaled, result] = [0, 1, 2].map(() => systems.working(size, size))
  const one = '(v128.const f64x2 1)'
  /** Adds to `sums` the products of rows of W with elements that depend on the row. */
  const accumulate = (
    sums: readonly Value[],
    columns: readonly Index[],
    [from, to]: readonly Index[],
    element: (k: Index) => Value,
    combine: typeof add,
  ) => {
    const totals = sums.map((sum) => systems.variable(sum))
    systems.loop(from, to, (k) => {
      const factor = systems.keep(element(k))
      columns.forEach((column, position) => {
        const total = totals[position]
        total.assign(combine(total.value, multiply(inverse.vector(k, column), factor)))
      })
    })
    return totals.map((total) => total.value)
  }
  systems.clear(inverse)
  systems.loop(0, size, (row) => {
    const reciprocal = systems.keep(reciprocals.get(0, row))
    systems.columns(0, row, (columns) => {
      const sums = accumulate(
        columns.map(() => zero),
        columns,
        [columns[0], row],
        (k) => l.get(row, k),
        subtract,
      )
      columns.forEach((column, position) => {
        inverse.store(row, column, sums[position])
        scaled.store(row, column, multiply(sums[position], reciprocal))
      })
    })
    inverse.set(row, row, one)
    scaled.set(row, row, reciprocal)
  })
  systems.loop(0, size, (row) => {
    const scale = systems.keep(s.get(0, row))
    systems.columns(0, after(row), (columns) => {
      const sums = accumulate(
        columns.map((column) => scaled.vector(row, column)),
        columns,
        [after(row), size],
        (k) => scaled.get(k, row),
        add,
      )
      columns.forEach((column, position) => {
        const product = multiply(scale, s.vector(0, column))
        result.store(row, column, multiply(0.5, subtract(product, sums[position])))
      })
    })
  })
  systems.copySymmetric(result, gradient, size)
}
