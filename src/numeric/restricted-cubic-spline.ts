/**
 * Restricted cubic spline: cubic between its knots t_1 < ... < t_k, linear beyond the outer two, with continuous second derivative. In Harrell's basis it is
 * a combination of x and, for j = 1, ..., k - 2,
 *
 *     s_j(x) = {(x - t_j)_+^3 - (x - t_(k-1))_+^3 (t_k - t_j) / (t_k - t_(k-1)) + (x - t_k)_+^3 (t_(k-1) - t_j) / (t_k - t_(k-1))} / (t_k - t_1)^2,
 *
 * which the last division gives the unit of x (Harrell 2015, Regression Modeling Strategies, 2nd ed., section 2.4.5, DOI 10.1007/978-3-319-19425-7).
 *
 * @param knots increasing, at least 3
 * @param term j, from 1 to k - 2; 0 for x itself
 */
export function restrictedCubicSpline(x: number, knots: readonly number[], term: number): number {
  if (term === 0) return x
  const [own, first] = [knots[term - 1], knots[0]]
  const [beforeLast, last] = knots.slice(-2)
  const cube = (knot: number) => Math.max(x - knot, 0) * (x - knot) ** 2
  const bend = (cube(beforeLast) * (last - own) - cube(last) * (beforeLast - own)) / (last - beforeLast)
  return (cube(own) - bend) / (last - first) ** 2
}
