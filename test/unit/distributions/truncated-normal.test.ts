import { expect, it } from 'vitest'
import { truncatedNormal } from '../../../src/distributions/truncated-normal.js'
import { UsageError } from '../../../src/errors/usage-error.js'
import { normalCdf } from '../../../src/numeric/normal-cdf.js'
import { describeFamily } from './describe-family.js'

describeFamily('truncatedNormal(1, 0.5)', {
  prior: truncatedNormal(1, 0.5),
  reference: [
    [1e-12, -2.202778443311764],
    [0.25, -1.327778443315764],
    [1, -0.20277844331576395],
    [2.5, -4.702778443315764],
    [30, -1682.2027784433158],
  ],
  cdf: (x) => 1 - normalCdf((1 - x) / 0.5) / normalCdf(2),
  interval: [0.1, 3],
  wrong: truncatedNormal(1, 0.55),
})

describeFamily('truncatedNormal(-1, 0.1), the far tail', {
  prior: truncatedNormal(-1, 0.1),
  reference: [
    [1e-12, 4.6149317102018435],
    [0.01, 3.6099317103018436],
    [0.25, -23.510068289698157],
    [1, -145.38506828969815],
    [30, -47995.385068289695],
  ],
  cdf: (x) => 1 - normalCdf((-1 - x) / 0.1) / normalCdf(-10),
  interval: [0.001, 0.08],
  wrong: truncatedNormal(-1, 0.105),
})

it('refuses a scale that is not positive', () => {
  expect(() => truncatedNormal(0, 0)).toThrow(UsageError)
})
