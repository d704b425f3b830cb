import { lognormal } from '../../../src/distributions/lognormal.js'
import { erfc } from '../../../src/numeric/error-function.js'
import { describeFamily } from './describe-family.js'

const normalCdf = (z: number): number => 0.5 * erfc(-z / Math.SQRT2)

describeFamily('lognormal(0.5, 0.8)', {
  prior: lognormal(0.5, 0.8),
  reference: [
    [1e-12, -591.3103590416009],
    [0.25, -2.0892712588898665],
    [2, -1.4180873447615459],
    [30, -10.672731619305232],
    [100000000.0, -270.01553691854997],
  ],
  cdf: (x) => normalCdf((Math.log(x) - 0.5) / 0.8),
  interval: [0.1, 6],
  wrong: lognormal(0.5, 0.88),
})
