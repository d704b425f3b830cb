/** logearn_interaction with height standardised. */
import { deviation, mean } from 'd3-array'
import { linearRegression, logarithm, ones, product } from '../linear-regression.js'

export default ({ earn, height, male }: { earn: number[]; height: number[]; male: number[] }) => {
  const z = height.map((value) => (value - mean(height)!) / deviation(height)!)
  return linearRegression('logearn_interaction_z', logarithm(earn), [ones(earn), z, male, product(z, male)])
}
