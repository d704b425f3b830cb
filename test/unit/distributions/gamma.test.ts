import { gamma } from '../../../src/distributions/gamma.js'
import { erfc } from '../../../src/numeric/error-function.js'
import { describeFamily } from './describe-family.js'

describeFamily('gamma(3, 2)', {
  prior: gamma(3, 2),
  reference: [
    [1e-12, -53.875747870739204],
    [0.25, -1.8862943611198906],
    [2, -1.2274112777602189],
    [30, -51.8113108755558],
    [1000, -1984.7981950809158],
  ],
  cdf: (x) => 1 - Math.exp(-2 * x) * (1 + 2 * x + 2 * x * x),
  interval: [0.1, 6],
  wrong: gamma(3, 2.2),
})

describeFamily('gamma(0.5, 2), half a chi-squared', {
  prior: gamma(0.5, 2),
  reference: [
    [1e-12, 13.589719205317547],
    [0.25, -0.032644172084782125],
    [2, -4.5723649429247],
    [30, -61.926390043475806],
    [1000, -2003.6796689921357],
  ],
  cdf: (x) => 1 - erfc(Math.sqrt(2 * x)),
  interval: [0.1, 3],
  wrong: gamma(0.55, 2),
})
