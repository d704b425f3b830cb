/** earn ~ N(beta1 + beta2 height, sigma), flat priors, raw units: sigma is near 19000. */
import { linearRegression, ones } from '../linear-regression.js'

export default ({ earn, height }: { earn: number[]; height: number[] }) =>
  linearRegression('earn_height', earn, [ones(earn), height])
