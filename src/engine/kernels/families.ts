import { arrangement } from './arrangement.js'
import { creation } from './creation.js'
import { elementwise } from './elementwise.js'
import type { KernelFamily, KernelRule } from './family.js'
import { indexing } from './indexing.js'
import { linearAlgebra } from './linear-algebra.js'
import { matrixProduct } from './matrix-product.js'
import { reduction } from './reduction.js'
import { stridedSlices } from './strided-slice.js'

const families: readonly KernelFamily[] = [
  arrangement,
  creation,
  elementwise,
  indexing,
  linearAlgebra,
  matrixProduct,
  reduction,
  stridedSlices,
]

export const kernelRules: Readonly<Record<string, KernelRule>> = Object.assign({}, ...families.map((family) => family.rules))
export { callKernels } from './call-kernels.js'
