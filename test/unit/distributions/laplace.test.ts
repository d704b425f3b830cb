import { laplace } from '../../../src/distributions/laplace.js'
import { describeFamily } from './describe-family.js'

describeFamily('laplace(1, 2)', {
  prior: laplace(1, 2),
  reference: [
    [-900, -451.8862943611199],
    [-1, -2.386294361119891],
    [0.25, -1.7612943611198906],
    [1, -1.3862943611198906],
    [17, -9.38629436111989],
    [100000.0, -50000.88629436112],
  ],
  cdf: (x) => (x < 1 ? 0.5 * Math.exp((x - 1) / 2) : 1 - 0.5 * Math.exp((1 - x) / 2)),
  interval: [1, 6],
  wrong: laplace(1, 2.3),
})
