/**
 * Differentiable operations that TensorFlow.js lacks, callable from any model: they work on tensors, are compiled when traced and run
 * eagerly otherwise. Batch axes come first; matrices are the last two axes.
 */
import './operations/gradients-tfjs-gets-wrong.js'
import './operations/gradients-tfjs-lacks.js'

export { cholesky } from './operations/cholesky.js'
export { logDeterminant } from './operations/log-determinant.js'
export { digamma, logGamma } from './operations/log-gamma.js'
export { multivariateNormalLogProbability } from './operations/multivariate-normal.js'
export { triangularSolve } from './operations/triangular-solve.js'
