/** Negative controls of simulation-based calibration: a right model of three observations, and subjects that are wrong in one thing, which must be rejected. */
import type { Prior } from '../../../src/contract/distribution.js'
import { halfNormal } from '../../../src/distributions/half-normal.js'
import { normal, normalLogProbability } from '../../../src/distributions/normal.js'
import { model } from '../../../src/language/model.js'
import { drawNormal } from '../../../src/random/normal.js'
import type { AnySubject } from './subject.js'

export interface Sample {
  readonly y: Float64Array
}

/** y_i ~ N(mu, sigma), few of them: prior, Jacobian and data all matter. */
const observations = (mu: Prior, sigma: Prior) =>
  model({
    name: 'three observations',
    parameters: (_data: Sample): Record<string, Prior> => ({ mu, sigma }),
    logLikelihood: (parameters, { y }) => normalLogProbability(y, parameters.mu, parameters.sigma),
    simulate: (source, parameters, { y }) => y.map(() => drawNormal(source, parameters.mu[0], parameters.sigma[0])),
    withOutcome: (_data, y) => ({ y }),
  })

export const right = observations(normal(0, 1), halfNormal(1))
export const sample = (count: number): Sample => ({ y: new Float64Array(count) })

/** The same prior, but the map to the real line forgets its Jacobian. */
function withoutJacobian(prior: Prior): Prior {
  const { support } = prior.distribution
  const distribution = {
    ...prior.distribution,
    support: (...given: Parameters<typeof support>) => ({ ...support(...given), logJacobian: () => undefined }),
  }
  return { ...prior, distribution }
}

const wrong = (observationCount: number, changes: Partial<AnySubject>): AnySubject => ({
  model: right,
  data: sample(observationCount),
  ...changes,
})
const shifted = (_data: Sample, y: Float64Array): Sample => ({ y: y.map((value) => value + 0.7) })

/** In 100 replicates the mean rank of a control is off by more than five of its standard errors. */
export const controls: ReadonlyMap<string, () => AnySubject> = new Map([
  ['control:dropped-jacobian', () => wrong(2, { fitted: observations(normal(0, 1), withoutJacobian(halfNormal(1))) })],
  ['control:prior-scale', () => wrong(3, { fitted: observations(normal(0, 0.3), halfNormal(1)) })],
  ['control:shifted-data', () => wrong(3, { model: { ...right, withOutcome: shifted } })],
])
