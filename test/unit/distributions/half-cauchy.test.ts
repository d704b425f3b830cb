import { halfCauchy } from '../../../src/distributions/half-cauchy.js'
import { describeFamily } from './describe-family.js'

const cauchyCdf = (z: number): number => 0.5 + Math.atan(z) / Math.PI

describeFamily('halfCauchy(0, 2)', {
  prior: halfCauchy(0, 2),
  reference: [
    [1e-12, -1.1447298858494002],
    [0.25, -1.1602340723853655],
    [2, -1.8378770664093456],
    [30, -6.565264885121686],
    [100000000.0, -36.59979701263424],
  ],
  cdf: (x) => 2 * cauchyCdf(x / 2) - 1,
  interval: [0.1, 6],
  wrong: halfCauchy(0, 2.3),
})

describeFamily('halfCauchy(1, 2), truncated', {
  prior: halfCauchy(1, 2),
  reference: [
    [1e-12, -1.626513263205427],
    [0.25, -1.5349460696803365],
    [2, -1.626513263205827],
    [30, -6.7564119781289005],
    [100000000.0, -36.85843681867646],
  ],
  cdf: (x) => (cauchyCdf((x - 1) / 2) - cauchyCdf(-1 / 2)) / (1 - cauchyCdf(-1 / 2)),
  interval: [0.1, 6],
  wrong: halfCauchy(1, 2.3),
})
