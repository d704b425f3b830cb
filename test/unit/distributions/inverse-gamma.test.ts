import { inverseGamma } from '../../../src/distributions/inverse-gamma.js'
import { describeFamily } from './describe-family.js'

describeFamily('inverseGamma(3, 2)', {
  prior: inverseGamma(3, 2),
  reference: [
    [0.001, -1970.9826845229516],
    [0.25, -1.068528194400547],
    [2, -2.386294361119891],
    [30, -12.285161832195397],
    [100000000.0, -72.29642863468958],
  ],
  cdf: (x) => Math.exp(-2 / x) * (1 + 2 / x + 2 / x / x),
  interval: [0.1, 6],
  wrong: inverseGamma(3, 2.2),
})
