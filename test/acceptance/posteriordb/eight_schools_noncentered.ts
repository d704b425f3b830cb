/** y_j ~ N(theta_j, sigma_j), theta_j ~ N(mu, tau), mu ~ N(0, 5), tau ~ half-Cauchy(0, 5); sampled as theta = mu + tau z. */
import { halfCauchy } from '../../../src/distributions/half-cauchy.js'
import { normal, normalLogProbability } from '../../../src/distributions/normal.js'
import { model } from '../../../src/language/model.js'

export default ({ y, sigma }: { y: number[]; sigma: number[] }) => ({
  model: model({
    name: 'eight_schools',
    parameters: (_data: { y: number[]; sigma: number[] }) => ({
      mu: normal(0, 5),
      tau: halfCauchy(0, 5),
      theta: normal('mu', 'tau', { shape: [y.length], nonCentered: true }),
    }),
    logLikelihood: ({ theta }, data) => normalLogProbability(data.y, theta, data.sigma),
  }),
  data: { y, sigma },
})
