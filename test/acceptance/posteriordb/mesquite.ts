/** weight ~ N(beta1 + beta2 diam1 + beta3 diam2 + beta4 canopy_height + beta5 total_height + beta6 density + beta7 group, sigma), flat priors. */
import { linearRegression, ones } from '../linear-regression.js'

type Variable = 'weight' | 'diam1' | 'diam2' | 'canopy_height' | 'total_height' | 'density' | 'group'

export default ({ weight, diam1, diam2, canopy_height, total_height, density, group }: Record<Variable, number[]>) =>
  linearRegression('mesquite', weight, [ones(weight), diam1, diam2, canopy_height, total_height, density, group])
