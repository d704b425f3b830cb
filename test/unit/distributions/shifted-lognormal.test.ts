import { shiftedLognormal } from '../../../src/distributions/shifted-lognormal.js'
import { erfc } from '../../../src/numeric/error-function.js'
import { describeFamily } from './describe-family.js'

const normalCdf = (z: number): number => 0.5 * erfc(-z / Math.SQRT2)

describeFamily('shiftedLognormal(1.5, 0.5, 0.8)', {
  prior: shiftedLognormal(1.5, 0.5, 0.8),
  // those of lognormal(0.5, 0.8) at values smaller by 1.5
  reference: [
    [1.75, -2.0892712588898665],
    [3.5, -1.4180873447615459],
    [31.5, -10.672731619305232],
    [100000001.5, -270.01553691854997],
  ],
  cdf: (x) => normalCdf((Math.log(x - 1.5) - 0.5) / 0.8),
  interval: [1.6, 7.5],
  wrong: shiftedLognormal(1.5, 0.5, 0.88),
})
