import { halfNormal } from '../../../src/distributions/half-normal.js'
import { erfc } from '../../../src/numeric/error-function.js'
import { describeFamily } from './describe-family.js'

describeFamily('halfNormal(2)', {
  prior: halfNormal(2),
  reference: [
    [1e-12, -0.9189385332046728],
    [0.25, -0.9267510332046728],
    [2, -1.4189385332046727],
    [30, -113.41893853320467],
    [700, -61250.91893853321],
  ],
  cdf: (x) => 1 - erfc(x / 2 / Math.SQRT2),
  interval: [0.1, 3],
  wrong: halfNormal(2.2),
})
