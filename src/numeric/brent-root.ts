/**
 * A root of a continuous function between two points where its signs differ: inverse quadratic or linear interpolation where it converges, bisection where it does not
 * (Brent 1973, Algorithms for Minimization without Derivatives, chapter 4).
 */

const LARGEST_ITERATION = 1000

/**
 * @param tolerance the root is right to about half of it, besides rounding
 * @returns NaN when the signs at the ends do not differ.
 */
export function brentRoot(f: (x: number) => number, lower: number, upper: number, tolerance: number): number {
  let [previous, best, opposite] = [lower, upper, lower]
  let [atPrevious, atBest] = [f(lower), f(upper)]
  let atOpposite = atPrevious
  if (atPrevious === 0) return lower
  if (atBest === 0) return upper
  if (!(atPrevious * atBest < 0)) return Number.NaN
  for (let iteration = 0; iteration < LARGEST_ITERATION; iteration++) {
    const lastStep = best - previous
    if (Math.abs(atOpposite) < Math.abs(atBest)) {
      ;[previous, best, opposite] = [best, opposite, best]
      ;[atPrevious, atBest, atOpposite] = [atBest, atOpposite, atBest]
    }
    const least = 2 * Number.EPSILON * Math.abs(best) + tolerance / 2
    const half = (opposite - best) / 2
    if (Math.abs(half) <= least || atBest === 0) return best
    let step = half
    if (Math.abs(lastStep) >= least && Math.abs(atPrevious) > Math.abs(atBest)) {
      const [p, q] = interpolate(previous, best, opposite, atPrevious, atBest, atOpposite)
      const isInside = p < 1.5 * half * q - Math.abs(least * q) / 2
      if (isInside && p < Math.abs((lastStep * q) / 2)) step = p / q
    }
    if (Math.abs(step) < least) step = step > 0 ? least : -least
    ;[previous, atPrevious] = [best, atBest]
    best += step
    atBest = f(best)
    if (atBest > 0 === atOpposite > 0) [opposite, atOpposite] = [previous, atPrevious]
  }
  return best
}

/** Numerator (not negative) and denominator of the step from b that interpolation through the points suggests. */
function interpolate(a: number, b: number, c: number, atA: number, atB: number, atC: number): [p: number, q: number] {
  const ratio = atB / atA
  let [p, q] = [(c - b) * ratio, 1 - ratio]
  if (a !== c) {
    const [u, v] = [atA / atC, atB / atC]
    p = ratio * ((c - b) * u * (u - v) - (b - a) * (v - 1))
    q = (u - 1) * (v - 1) * (ratio - 1)
  }
  return p > 0 ? [p, -q] : [-p, q]
}
