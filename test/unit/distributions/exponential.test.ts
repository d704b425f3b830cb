import { exponential } from '../../../src/distributions/exponential.js'
import { describeFamily } from './describe-family.js'

describeFamily('exponential(0.5)', {
  prior: exponential(0.5),
  reference: [
    [1e-12, -0.6931471805604453],
    [0.25, -0.8181471805599453],
    [2, -1.6931471805599454],
    [30, -15.693147180559945],
    [1000, -500.69314718055995],
  ],
  cdf: (x) => 1 - Math.exp(-x / 2),
  interval: [0.1, 6],
  wrong: exponential(0.55),
})
