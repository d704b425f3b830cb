import type { CallKernel, JavaScriptForm } from './call-kernel.js'
import { cholesky, choleskyGradient } from './calls/cholesky.js'
import { cumulativeProduct, cumulativeProductGradient, cumulativeSum } from './calls/cumulate.js'
import { gather } from './calls/gather.js'
import { multivariateNormal } from './calls/multivariate-normal.js'
import { segmentSum } from './calls/segment-sum.js'
import { triangularSolve } from './calls/triangular-solve.js'

/** Both forms of every kernel, by the name that a `call` node carries. */
export const kernelForms: Readonly<Record<string, CallKernel>> = {
  cholesky,
  choleskyGradient,
  cumulativeProduct,
  cumulativeProductGradient,
  cumulativeSum,
  gather,
  multivariateNormal,
  segmentSum,
  triangularSolve,
}

/** The JavaScript forms: what the interpreter, JavaScript programs and calls from WebAssembly to the host run. */
export const callKernels: Readonly<Record<string, JavaScriptForm>> = Object.fromEntries(
  Object.entries(kernelForms).map(([name, { javascript }]) => [name, javascript]),
)
