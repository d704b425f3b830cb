import type { CallKernel, Systems, WorkingMatrix } from '../call-kernel.js'
import { after, divide, multiply, subtract } from './expressions.js'

/**
 * Triangular systems with matrices of right-hand sides. Sums are multiplied with the reciprocal of the diagonal element; solving L' x = b subtracts from
 * the last unknown to the first. Both forms compute every element by the same operations in the same order: they agree to the last bit.
 */

/** Solves L x = b in place for one right-hand side whose elements lie `step` apart. */
function forwardSolve(memory: Float64Array, l: number, size: number, x: number, step: number): void {
  for (let row = 0; row < size; row++) {
    let sum = memory[x + row * step]
    for (let k = 0; k < row; k++) sum -= memory[x + k * step] * memory[l + row * size + k]
    memory[x + row * step] = sum * (1 / memory[l + row * size + row])
  }
}

/** Solves L' x = b in place. */
export function backwardSolve(memory: Float64Array, l: number, size: number, x: number, step: number): void {
  for (let row = size - 1; row >= 0; row--) {
    let sum = memory[x + row * step]
    for (let k = size - 1; k > row; k--) sum -= memory[x + k * step] * memory[l + k * size + row]
    memory[x + row * step] = sum * (1 / memory[l + row * size + row])
  }
}

function printSolve(
  systems: Systems,
  [l, b, out]: readonly [number, number, number],
  [size, width]: readonly [number, number],
  isTransposed: boolean,
): void {
  const factor = systems.lowerTriangle(l, size)
  const given = systems.matrix(b, size, width)
  const x: WorkingMatrix = systems.working(size, width)
  const overRows = isTransposed ? systems.loopDown.bind(systems) : systems.loop.bind(systems)
  overRows(0, size, (row) => {
    const reciprocal = systems.keep(divide(1, factor.get(row, row)))
    systems.columns(0, width, (columns) => {
      const sums = columns.map((column) => systems.variable(given.vector(row, column)))
      const [from, to] = isTransposed ? [after(row), size] : [0, row]
      overRows(from, to, (k) => {
        const element = systems.keep(isTransposed ? factor.get(k, row) : factor.get(row, k))
        columns.forEach((column, position) => {
          const sum = sums[position]
          sum.assign(subtract(sum.value, multiply(x.vector(k, column), element)))
        })
      })
      columns.forEach((column, position) => {
        x.store(row, column, multiply(sums[position].value, reciprocal))
      })
    })
  })
  const result = systems.matrix(out, size, width)
  systems.loop(0, size, (row) => systems.loop(0, width, (column) => result.set(row, column, x.get(row, column))))
}

/** Twice the multiplications up to which code without loops is the faster (measured with ten systems). */
const SMALL = 300

/** settings: systems, size, right-hand sides, transpose. */
export const triangularSolve: CallKernel = {
  javascript: (memory, [l, b], [x], [count, size, width, isTransposed]) => {
    memory.copyWithin(x, b, b + count * size * width)
    for (let system = 0; system < count; system++)
      for (let column = 0; column < width; column++) {
        const start = x + system * size * width + column
        if (isTransposed) backwardSolve(memory, l + system * size * size, size, start, width)
        else forwardSolve(memory, l + system * size * size, size, start, width)
      }
  },
  webAssembly: (printer, { operands: [l, b], results: [x], settings: [count, size, width, isTransposed] }) => {
    printer.systems(count, size * (size + 1) * width <= SMALL, (systems) =>
      printSolve(systems, [l, b, x], [size, width], isTransposed === 1),
    )
  },
}
