/** kidscore_momhsiq with beta4 mom_hs mom_iq, covariates uncentred: strongly correlated coefficients. */
import { halfCauchy } from '../../../src/distributions/half-cauchy.js'
import { linearRegression, ones, product } from '../linear-regression.js'

export default ({ kid_score, mom_hs, mom_iq }: { kid_score: number[]; mom_hs: number[]; mom_iq: number[] }) =>
  linearRegression('kidscore_interaction', kid_score, [ones(kid_score), mom_hs, mom_iq, product(mom_hs, mom_iq)], {
    sigma: halfCauchy(0, 2.5),
  })
