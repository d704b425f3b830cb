/** kidscore_interaction with covariates centred and divided by two standard deviations; flat priors. */
import { deviation, mean } from 'd3-array'
import { linearRegression, ones, product } from '../linear-regression.js'

export default ({ kid_score, mom_hs, mom_iq }: { kid_score: number[]; mom_hs: number[]; mom_iq: number[] }) => {
  const [hs, iq] = [mom_hs, mom_iq].map((values) => values.map((value) => (value - mean(values)!) / (2 * deviation(values)!)))
  return linearRegression('kidscore_interaction_z', kid_score, [ones(kid_score), hs, iq, product(hs, iq)])
}
