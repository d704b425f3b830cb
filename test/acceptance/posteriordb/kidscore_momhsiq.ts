/** kid_score ~ N(beta1 + beta2 mom_hs + beta3 mom_iq, sigma); flat beta, sigma ~ half-Cauchy(0, 2.5). */
import { halfCauchy } from '../../../src/distributions/half-cauchy.js'
import { linearRegression, ones } from '../linear-regression.js'

export default ({ kid_score, mom_hs, mom_iq }: { kid_score: number[]; mom_hs: number[]; mom_iq: number[] }) =>
  linearRegression('kidscore_momhsiq', kid_score, [ones(kid_score), mom_hs, mom_iq], { sigma: halfCauchy(0, 2.5) })
