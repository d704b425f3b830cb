import type { CallKernel, Systems } from '../call-kernel.js'
import { after, divide, multiply, positiveRoot, subtract } from './expressions.js'

/**
 * Cholesky factor of symmetric positive-definite matrices and its adjoint. Columns are multiplied with the reciprocal of the pivot, as in LAPACK.
 * Both forms compute every element by the same operations in the same order: they agree to the last bit.
 */

/** Lower Cholesky factor of the matrix at `a` into `l`, zeros above the diagonal; NaN from the first pivot that is not positive. */
function factorise(memory: Float64Array, a: number, l: number, size: number): void {
  for (let column = 0; column < size; column++) {
    for (let row = column; row < size; row++) {
      let sum = memory[a + row * size + column]
      for (let k = 0; k < column; k++) sum -= memory[l + row * size + k] * memory[l + column * size + k]
      memory[l + row * size + column] = sum
      memory[l + column * size + row] = row === column ? sum : 0
    }
    const square = memory[l + column * size + column]
    const pivot = square > 0 ? Math.sqrt(square) : Number.NaN
    const reciprocal = 1 / pivot
    memory[l + column * size + column] = pivot
    for (let row = column + 1; row < size; row++) memory[l + row * size + column] *= reciprocal
  }
}

/** Row by row of U = L', with U'U = A. */
function printFactor(systems: Systems, a: number, l: number, size: number): void {
  const given = systems.upperTriangle(a, size)
  const upper = systems.working(size, size)
  systems.loop(0, size, (row) => {
    systems.columns(row, size, (columns) => {
      const sums = columns.map((column) => systems.variable(given.vector(row, column)))
      systems.loop(0, row, (k) => {
        const factor = systems.keep(upper.get(k, row))
        columns.forEach((column, position) => {
          const sum = sums[position]
          sum.assign(subtract(sum.value, multiply(upper.vector(k, column), factor)))
        })
      })
      columns.forEach((column, position) => {
        upper.store(row, column, sums[position].value)
      })
    })
    const pivot = systems.keep(positiveRoot(systems.keep(upper.get(row, row))))
    const reciprocal = systems.keep(divide(1, pivot))
    systems.columns(row, size, (columns) => {
      for (const column of columns) upper.store(row, column, multiply(upper.vector(row, column), reciprocal))
    })
    upper.set(row, row, pivot)
  })
  systems.copyTriangle(systems.transposed(upper, size), l, size)
}

/** Sizes up to which code without loops is the faster (measured with ten matrices). */
const SMALL_SIZE = { factor: 16, gradient: 13 }

/** settings: matrices, size. */
export const cholesky: CallKernel = {
  javascript: (memory, [a], [l], [count, size]) => {
    for (let matrix = 0; matrix < count; matrix++) factorise(memory, a + matrix * size * size, l + matrix * size * size, size)
  },
  webAssembly: (printer, { operands: [a], results: [l], settings: [count, size] }) => {
    printer.systems(count, size <= SMALL_SIZE.factor, (systems) => printFactor(systems, a, l, size))
  },
}

/**
 * Adjoint of A -> L for a symmetric A: the factorisation run backwards, column by column (Smith 1995, doi 10.1080/10618600.1995.10474671;
 * Murray 2016, arXiv 1602.07527), shared equally between the two triangles. Only the lower triangle of the adjoint of L is read.
 */
function adjointOfOne(memory: Float64Array, l: number, dl: number, out: number, size: number): void {
  for (let row = 0; row < size; row++)
    for (let column = 0; column <= row; column++) memory[out + row * size + column] = memory[dl + row * size + column]
  for (let column = size - 1; column >= 0; column--) {
    const reciprocal = 1 / memory[l + column * size + column]
    let pivot = memory[out + column * size + column]
    for (let row = column + 1; row < size; row++) {
      const scaled = memory[out + row * size + column] * reciprocal
      memory[out + row * size + column] = scaled
      pivot -= scaled * memory[l + row * size + column]
    }
    pivot *= 0.5 * reciprocal
    memory[out + column * size + column] = pivot
    for (let k = 0; k < column; k++) {
      const factor = memory[l + column * size + k]
      let sum = memory[out + column * size + k] - 2 * pivot * factor
      for (let row = column + 1; row < size; row++) {
        const scaled = memory[out + row * size + column]
        sum -= scaled * memory[l + row * size + k]
        memory[out + row * size + k] -= scaled * factor
      }
      memory[out + column * size + k] = sum
    }
  }
  for (let row = 0; row < size; row++)
    for (let column = 0; column < row; column++) {
      const half = 0.5 * memory[out + row * size + column]
      memory[out + row * size + column] = half
      memory[out + column * size + row] = half
    }
}

/** As `adjointOfOne`; the adjoint of A stands in a matrix of its own because storing columns may overwrite what is to their right. */
function printAdjoint(systems: Systems, l: number, dl: number, out: number, size: number): void {
  const factor = systems.lowerTriangle(l, size)
  const given = systems.matrix(dl, size, size)
  const [rest, adjoint] = [systems.working(size, size), systems.working(size, size)]
  systems.loop(0, size, (row) =>
    systems.columns(0, after(row), (columns) => {
      for (const column of columns) rest.store(row, column, given.vector(row, column))
    }),
  )
  systems.loopDown(0, size, (column) => {
    const reciprocal = systems.keep(divide(1, factor.get(column, column)))
    const pivot = systems.variable(rest.get(column, column))
    systems.loop(after(column), size, (row) => {
      const scaled = systems.keep(multiply(rest.get(row, column), reciprocal))
      adjoint.set(row, column, scaled)
      pivot.assign(subtract(pivot.value, multiply(scaled, factor.get(row, column))))
    })
    pivot.assign(multiply(pivot.value, multiply(0.5, reciprocal)))
    adjoint.set(column, column, pivot.value)
    systems.columns(0, column, (stretch) => {
      const factors = stretch.map((k) => systems.keep(factor.vector(column, k)))
      const sums = stretch.map((k, position) =>
        systems.variable(subtract(rest.vector(column, k), multiply(multiply(2, pivot.value), factors[position]))),
      )
      systems.loop(after(column), size, (row) => {
        const scaled = systems.keep(adjoint.get(row, column))
        stretch.forEach((k, position) => {
          const sum = sums[position]
          sum.assign(subtract(sum.value, multiply(scaled, factor.vector(row, k))))
          rest.store(row, k, subtract(rest.vector(row, k), multiply(scaled, factors[position])))
        })
      })
      stretch.forEach((k, position) => {
        rest.store(column, k, sums[position].value)
      })
    })
  })
  systems.loop(0, size, (row) =>
    systems.loop(0, row, (column) => adjoint.set(row, column, systems.keep(multiply(0.5, adjoint.get(row, column))))),
  )
  systems.copySymmetric(adjoint, out, size)
}

/** settings: matrices, size. */
export const choleskyGradient: CallKernel = {
  javascript: (memory, [l, dl], [out], [count, size]) => {
    for (let matrix = 0; matrix < count; matrix++) {
      const shift = matrix * size * size
      adjointOfOne(memory, l + shift, dl + shift, out + shift, size)
    }
  },
  webAssembly: (printer, { operands: [l, dl], results: [out], settings: [count, size] }) => {
    printer.systems(count, size <= SMALL_SIZE.gradient, (systems) => printAdjoint(systems, l, dl, out, size))
  },
}
