/**
 * Quantile of Student's t, the inverse of its distribution function: closed forms for 1 and 2 degrees of freedom (Shaw 2006, 10.21314/JCF.2006.150),
 * otherwise bisection on the tail probability, to which the distribution function gives its full relative precision.
 */
import { incompleteBeta } from './incomplete-beta.js'
import { normalQuantile } from './normal-quantile.js'

const BISECTIONS = 200

/** @param degreesOfFreedom positive; Infinity gives the normal quantile. */
export function studentTQuantile(probability: number, degreesOfFreedom: number): number {
  if (!(probability > 0 && probability < 1 && degreesOfFreedom > 0)) return Number.NaN
  if (degreesOfFreedom === Number.POSITIVE_INFINITY) return normalQuantile(probability)
  if (probability === 0.5) return 0
  if (degreesOfFreedom === 1) return Math.tan(Math.PI * (probability - 0.5))
  if (degreesOfFreedom === 2) return (2 * probability - 1) / Math.sqrt(2 * probability * (1 - probability))
  const tail = Math.min(probability, 1 - probability)
  const size = upperQuantile(tail, degreesOfFreedom)
  return probability < 0.5 ? -size : size
}

function upperQuantile(tail: number, degreesOfFreedom: number): number {
  const beyond = (t: number) => 0.5 * incompleteBeta(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5)
  let [low, high] = [0, 1]
  while (beyond(high) > tail && high < 1e150) [low, high] = [high, 2 * high]
  for (let step = 0; step < BISECTIONS && high - low > Number.EPSILON * high; step++) {
    const middle = (low + high) / 2
    if (beyond(middle) > tail) low = middle
    else high = middle
  }
  return (low + high) / 2
}
