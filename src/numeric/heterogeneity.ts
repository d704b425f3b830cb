/**
 * The between-trial variance of one effect estimated in several trials, y_j ~ N(mu, v_j + tau^2).
 *
 * - DerSimonian and Laird 1986 (10.1016/0197-2456(86)90046-2): moments, max(0, (Q - (J - 1)) / C);
 * - restricted maximum likelihood by Fisher scoring (Viechtbauer 2005, 10.3102/10769986030003261);
 * - the marginal posterior of tau under a half-normal prior and a flat one for mu, on a grid (Roever 2020, 10.18637/jss.v093.i06).
 */

/** Weighted mean and sums for weights 1 / (v_j + tau^2). */
export function pooledMean(
  effects: Float64Array,
  variances: Float64Array,
  tauSquared: number,
): { mean: number; precision: number } {
  let precision = 0
  let sum = 0
  for (let trial = 0; trial < effects.length; trial++) {
    const weight = 1 / (variances[trial] + tauSquared)
    precision += weight
    sum += weight * effects[trial]
  }
  return { mean: sum / precision, precision }
}

export function derSimonianLaird(effects: Float64Array, variances: Float64Array): number {
  const { mean, precision } = pooledMean(effects, variances, 0)
  let q = 0
  let squares = 0
  effects.forEach((effect, trial) => {
    q += (effect - mean) ** 2 / variances[trial]
    squares += 1 / variances[trial] ** 2
  })
  return Math.max(0, (q - (effects.length - 1)) / (precision - squares / precision))
}

const SCORING_STEPS = 200

export function restrictedMaximumLikelihood(effects: Float64Array, variances: Float64Array): number {
  let tauSquared = derSimonianLaird(effects, variances)
  for (let step = 0; step < SCORING_STEPS; step++) {
    const { mean, precision } = pooledMean(effects, variances, tauSquared)
    let [squares, score] = [0, 0]
    effects.forEach((effect, trial) => {
      const weight = 1 / (variances[trial] + tauSquared)
      squares += weight * weight
      score += weight * weight * ((effect - mean) ** 2 - variances[trial])
    })
    const next = Math.max(0, (score + squares / precision) / squares)
    const change = Math.abs(next - tauSquared)
    tauSquared = next
    if (change <= 1e-12 + 1e-10 * tauSquared) break
  }
  return tauSquared
}

const GRID_SIZE = 96

/**
 * Quantile function of the posterior of tau, linear between points of a grid that is finer towards 0.
 * @param scale of the half-normal prior
 */
export function tauPosterior(effects: Float64Array, variances: Float64Array, scale: number): (probability: number) => number {
  const most = 5 * scale
  const grid = Float64Array.from({ length: GRID_SIZE + 1 }, (_, point) => most * (point / GRID_SIZE) ** 2)
  const logDensity = grid.map((tau) => {
    const { mean, precision } = pooledMean(effects, variances, tau * tau)
    let sum = -0.5 * (tau / scale) ** 2 - 0.5 * Math.log(precision)
    effects.forEach((effect, trial) => {
      const variance = variances[trial] + tau * tau
      sum -= 0.5 * (Math.log(variance) + (effect - mean) ** 2 / variance)
    })
    return sum
  })
  const top = logDensity.reduce((most, value) => Math.max(most, value))
  const cumulative = new Float64Array(GRID_SIZE + 1)
  for (let point = 1; point <= GRID_SIZE; point++) {
    const height = (Math.exp(logDensity[point] - top) + Math.exp(logDensity[point - 1] - top)) / 2
    cumulative[point] = cumulative[point - 1] + height * (grid[point] - grid[point - 1])
  }
  return (probability) => {
    const target = probability * cumulative[GRID_SIZE]
    let [low, high] = [0, GRID_SIZE]
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (cumulative[middle] <= target) low = middle
      else high = middle
    }
    const width = cumulative[high] - cumulative[low]
    return grid[low] + (width > 0 ? ((target - cumulative[low]) / width) * (grid[high] - grid[low]) : 0)
  }
}
