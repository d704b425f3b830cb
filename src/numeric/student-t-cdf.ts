import { incompleteBeta } from './incomplete-beta.js'

/** P(T <= t) for Student's t, by I_x(df / 2, 1 / 2) with x = df / (df + t^2) (Abramowitz and Stegun 1964, 26.7.1). */
export function studentTCdf(t: number, degreesOfFreedom: number): number {
  const tail = 0.5 * incompleteBeta(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5)
  return t > 0 ? 1 - tail : tail
}
