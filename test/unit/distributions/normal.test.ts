import { normal } from '../../../src/distributions/normal.js'
import { erfc } from '../../../src/numeric/error-function.js'
import { describeFamily } from './describe-family.js'

const normalCdf = (z: number): number => 0.5 * erfc(-z / Math.SQRT2)

describeFamily('normal(1, 2)', {
  prior: normal(1, 2),
  reference: [
    [-60, -466.7370857137646],
    [-1, -2.112085713764618],
    [0.25, -1.682398213764618],
    [1, -1.612085713764618],
    [17, -33.61208571376462],
    [500, -31126.737085713765],
  ],
  cdf: (x) => normalCdf((x - 1) / 2),
  interval: [-4, 3],
  wrong: normal(1, 2.2),
})
