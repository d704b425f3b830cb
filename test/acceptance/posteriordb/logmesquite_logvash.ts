/** log weight on log canopy volume, area and shape, log total height, and group; flat priors. */
import { linearRegression, logarithm, ones, product, ratio } from '../linear-regression.js'

type Variable = 'weight' | 'diam1' | 'diam2' | 'canopy_height' | 'total_height' | 'group'

export default ({ weight, diam1, diam2, canopy_height, total_height, group }: Record<Variable, number[]>) => {
  const area = product(diam1, diam2)
  const logarithms = [product(area, canopy_height), area, ratio(diam1, diam2), total_height].map(logarithm)
  return linearRegression('logmesquite_logvash', logarithm(weight), [ones(weight), ...logarithms, group])
}
