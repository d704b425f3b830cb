/**
 * Differentiable operations that TensorFlow.js lacks, callable from any model: they work on tensors, are compiled when traced and run
 * eagerly otherwise. Batch axes come first; matrices are the last two axes.
 */
import './operations/gradients-tfjs-gets-wrong.js'
import './operations/gradients-tfjs-lacks.js'

export { cholesky } from './operations/cholesky.js'
export { erf, erfc } from './operations/error-function.js'
export { logDeterminant } from './operations/log-determinant.js'
export { digamma, logGamma, trigamma } from './operations/log-gamma.js'
export { logAddExp, logit, logOneMinusExp, logSigmoid, logSumExp } from './operations/log-space.js'
export { multivariateNormalLogProbability } from './operations/multivariate-normal.js'
export { inverseMillsRatio, logNormalCdf, normalCdf, normalQuantile } from './operations/normal-cdf.js'
export { triangularSolve } from './operations/triangular-solve.js'
