import { uniform } from '../../../src/distributions/uniform.js'
import { describeFamily } from './describe-family.js'

describeFamily('uniform(-3, 5)', {
  prior: uniform(-3, 5),
  reference: [
    [-2.99, -2.0794415416798357],
    [0, -2.0794415416798357],
    [4.99, -2.0794415416798357],
  ],
  cdf: (x) => (x + 3) / 8,
  interval: [-2, 4.5],
  wrong: uniform(-3.5, 5),
})
