/** Improper uniform priors: the counterpart of ordinary least squares. */
import { z } from 'zod'
import type { CoefficientPrior } from '../../src/contract/coefficient-prior.js'
import { flat } from '../../src/distributions/flat.js'
import { parseOptions } from '../../src/language/parse-options.js'

export const coefficientPrior: CoefficientPrior<Record<string, never>> = {
  name: 'flat',
  summary: 'no shrinkage: improper uniform priors, the counterpart of least squares',
  targetAcceptance: 0.8,
  parseOptions: (raw) => parseOptions('prior', 'name', z.strictObject({}), raw) as Record<string, never>,
  describe: () => 'flat priors',
  declare: (name, coefficients) => ({ [name]: flat({ shape: [coefficients] }) }),
  exactForm: () => ({ kind: 'flat' }),
}
