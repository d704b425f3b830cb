/** log(earn) ~ N(beta1 + beta2 height + beta3 male + beta4 height male, sigma), flat priors. */
import { linearRegression, logarithm, ones, product } from '../linear-regression.js'

export default ({ earn, height, male }: { earn: number[]; height: number[]; male: number[] }) =>
  linearRegression('logearn_interaction', logarithm(earn), [ones(earn), height, male, product(height, male)])
