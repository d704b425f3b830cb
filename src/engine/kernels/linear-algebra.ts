import { broadcastShape, sizeOf } from '../shape.js'
import type { CallKernel, KernelFamily, KernelRule } from './family.js'

/** Lower Cholesky factor of the matrix at `a` into `l`, zeros above the diagonal; NaN when not positive definite. */
function factorise(memory: Float64Array, a: number, l: number, size: number): void {
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++) {
      if (column > row) {
        memory[l + row * size + column] = 0
        continue
      }
      let sum = memory[a + row * size + column]
      for (let k = 0; k < column; k++) sum -= memory[l + row * size + k] * memory[l + column * size + k]
      if (row === column) memory[l + row * size + row] = sum > 0 ? Math.sqrt(sum) : Number.NaN
      else memory[l + row * size + column] = sum / memory[l + column * size + column]
    }
}

/** Solves L x = b in place for one right-hand side whose elements lie `step` apart. */
function forwardSolve(memory: Float64Array, l: number, size: number, x: number, step: number): void {
  for (let row = 0; row < size; row++) {
    let sum = memory[x + row * step]
    for (let k = 0; k < row; k++) sum -= memory[l + row * size + k] * memory[x + k * step]
    memory[x + row * step] = sum / memory[l + row * size + row]
  }
}

/** Solves L' x = b in place. */
function backwardSolve(memory: Float64Array, l: number, size: number, x: number, step: number): void {
  for (let row = size - 1; row >= 0; row--) {
    let sum = memory[x + row * step]
    for (let k = row + 1; k < size; k++) sum -= memory[l + k * size + row] * memory[x + k * step]
    memory[x + row * step] = sum / memory[l + row * size + row]
  }
}

/** settings: matrices, size. */
const cholesky: CallKernel = (memory, [a], [l], [count, size]) => {
  for (let matrix = 0; matrix < count; matrix++) factorise(memory, a + matrix * size * size, l + matrix * size * size, size)
}

/**
 * Adjoint of A -> L for a symmetric A: dA = (S + S') / 2 with S = L'^-1 P L^-1 and P = lower triangle of L' dL with its diagonal halved
 * (Giles 2008, doi 10.1007/978-3-540-68942-3_4; Murray 2016, arXiv 1602.07527).
 */
const choleskyGradient: CallKernel = (memory, [l, dl], [out], [count, size]) => {
  for (let matrix = 0; matrix < count; matrix++) {
    const shift = matrix * size * size
    adjointOfOne(memory, l + shift, dl + shift, out + shift, size)
  }
}

function adjointOfOne(memory: Float64Array, l: number, dl: number, out: number, size: number): void {
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++) {
      let sum = 0
      if (column <= row) for (let k = row; k < size; k++) sum += memory[l + k * size + row] * memory[dl + k * size + column]
      memory[out + row * size + column] = column === row ? sum / 2 : sum
    }
  for (let column = 0; column < size; column++) backwardSolve(memory, l, size, out + column, size)
  for (let row = 0; row < size; row++) backwardSolve(memory, l, size, out + row * size, 1)
  symmetrise(memory, out, size)
}

function symmetrise(memory: Float64Array, a: number, size: number): void {
  for (let row = 0; row < size; row++)
    for (let column = 0; column < row; column++) {
      const average = (memory[a + row * size + column] + memory[a + column * size + row]) / 2
      memory[a + row * size + column] = average
      memory[a + column * size + row] = average
    }
}

/** settings: systems, size, right-hand sides, transpose. */
const triangularSolve: CallKernel = (memory, [l, b], [x], [count, size, columns, isTransposed]) => {
  memory.copyWithin(x, b, b + count * size * columns)
  for (let system = 0; system < count; system++)
    for (let column = 0; column < columns; column++) {
      const start = x + system * size * columns + column
      if (isTransposed) backwardSolve(memory, l + system * size * size, size, start, columns)
      else forwardSolve(memory, l + system * size * size, size, start, columns)
    }
}

/** (L L')^-1 from L; settings: matrices, size. */
const inverseFromCholesky: CallKernel = (memory, [l], [out], [count, size]) => {
  for (let matrix = 0; matrix < count; matrix++) {
    const factor = l + matrix * size * size
    const inverse = out + matrix * size * size
    memory.fill(0, inverse, inverse + size * size)
    for (let column = 0; column < size; column++) {
      memory[inverse + column * size + column] = 1
      forwardSolve(memory, factor, size, inverse + column, size)
      backwardSolve(memory, factor, size, inverse + column, size)
    }
  }
}

const LOG_TWO_PI = 1.8378770664093453

/**
 * Log density of N(0, A) at r: -(r' A^-1 r + log det A + k log 2 pi) / 2. Results: the value `[count]`, A^-1 r `[count, size]` and the
 * Cholesky factor `[count, size, size]`, which the gradient uses. settings: matrices, size.
 */
const multivariateNormal: CallKernel = (memory, [residual, covariance], [value, solved, l], [count, size]) => {
  for (let matrix = 0; matrix < count; matrix++) {
    const factor = l + matrix * size * size
    const x = solved + matrix * size
    factorise(memory, covariance + matrix * size * size, factor, size)
    memory.copyWithin(x, residual + matrix * size, residual + (matrix + 1) * size)
    forwardSolve(memory, factor, size, x, 1)
    let quadratic = 0
    let logDeterminant = 0
    for (let k = 0; k < size; k++) {
      quadratic += memory[x + k] * memory[x + k]
      logDeterminant += Math.log(memory[factor + k * size + k])
    }
    backwardSolve(memory, factor, size, x, 1)
    memory[value + matrix] = -0.5 * (quadratic + size * LOG_TWO_PI) - logDeterminant
  }
}

const matrices = (shape: readonly number[]): [number, number] => [sizeOf(shape.slice(0, -2)), shape[shape.length - 1]]

const onMatrices =
  (kernel: string): KernelRule =>
  ({ builder, inputs }) => {
    const nodes = Object.values(inputs).map((tensor) => tensor.node)
    return { node: builder.call(kernel, nodes, matrices(nodes[0].shape), [nodes[0].shape])[0], type: 'float32' }
  }

/** Cholesky factor, triangular systems, inverses and the multivariate normal density of symmetric positive-definite matrices. */
export const linearAlgebra: KernelFamily = {
  rules: {
    PooliteCholesky: onMatrices('cholesky'),
    PooliteCholeskyGradient: onMatrices('choleskyGradient'),
    PooliteInverseFromCholesky: onMatrices('inverseFromCholesky'),
    PooliteTriangularSolve: ({ builder, inputs: { l, b }, attributes }) => {
      const batch = broadcastShape(l.node.shape.slice(0, -2), b.node.shape.slice(0, -2))
      const [size, columns] = b.node.shape.slice(-2)
      if (!batch || l.node.shape[l.node.shape.length - 1] !== size)
        throw new RangeError(`triangular system of shapes [${l.node.shape}] and [${b.node.shape}]`)
      const operands = [l, b].map(({ node }) => builder.broadcast(node, [...batch, ...node.shape.slice(-2)]))
      const settings = [sizeOf(batch), size, columns, attributes.transpose ? 1 : 0]
      return { node: builder.call('triangularSolve', operands, settings, [[...batch, size, columns]])[0], type: 'float32' }
    },
    PooliteMultivariateNormal: ({ builder, inputs: { residual, covariance } }) => {
      const batch = broadcastShape(residual.node.shape.slice(0, -1), covariance.node.shape.slice(0, -2))
      const size = residual.node.shape[residual.node.shape.length - 1]
      if (!batch || covariance.node.shape[covariance.node.shape.length - 1] !== size)
        throw new RangeError(`residual of shape [${residual.node.shape}] and covariance of shape [${covariance.node.shape}]`)
      const operands = [
        builder.broadcast(residual.node, [...batch, size]),
        builder.broadcast(covariance.node, [...batch, size, size]),
      ]
      const results = builder.call(
        'multivariateNormal',
        operands,
        [sizeOf(batch), size],
        [batch, [...batch, size], [...batch, size, size]],
      )
      return results.map((node) => ({ node, type: 'float32' as const }))
    },
  },
  calls: { cholesky, choleskyGradient, inverseFromCholesky, triangularSolve, multivariateNormal },
}
