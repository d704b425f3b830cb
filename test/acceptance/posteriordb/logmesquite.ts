/** mesquite on the logarithms of all variables but group. */
import { linearRegression, logarithm, ones } from '../linear-regression.js'

type Variable = 'weight' | 'diam1' | 'diam2' | 'canopy_height' | 'total_height' | 'density' | 'group'

export default ({ weight, diam1, diam2, canopy_height, total_height, density, group }: Record<Variable, number[]>) =>
  linearRegression('logmesquite', logarithm(weight), [
    ones(weight),
    ...[diam1, diam2, canopy_height, total_height, density].map(logarithm),
    group,
  ])
