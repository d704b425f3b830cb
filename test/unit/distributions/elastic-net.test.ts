import { describe, expect, it } from 'vitest'
import { elasticNet } from '../../../src/distributions/elastic-net.js'
import { UsageError } from '../../../src/errors/usage-error.js'
import { erfc } from '../../../src/numeric/error-function.js'
import { describeFamily } from './describe-family.js'

/** The magnitude of u is normal with mean -a / (1 - a) and variance 1 / (1 - a), truncated to the positive numbers. */
function cdf(mixing: number, location: number, scale: number) {
  const root = Math.sqrt((1 - mixing) / 2)
  const edge = mixing / (1 - mixing)
  return (x: number): number => {
    const u = (x - location) / scale
    const beyond = erfc((Math.abs(u) + edge) * root) / erfc(edge * root) / 2
    return u < 0 ? beyond : 1 - beyond
  }
}

describeFamily('elasticNet(0.6, 1, 2)', {
  prior: elasticNet(0.6, 1, 2),
  reference: [
    [-300, -4621.7995696346425],
    [-1, -2.249569634642793],
    [0.25, -1.7026946346427934],
    [1, -1.4495696346427933],
    [17, -19.049569634642793],
    [10000, -5002001.199569635],
  ],
  cdf: cdf(0.6, 1, 2),
  interval: [1, 4],
  wrong: elasticNet(0.6, 1, 2.3),
})

describeFamily('elasticNet(0.3, 0, 1)', {
  prior: elasticNet(0.3, 0, 1),
  reference: [],
  cdf: cdf(0.3, 0, 1),
  interval: [0.2, 1],
  wrong: elasticNet(0.3, 0, 1.2),
})

describe('elasticNet', () => {
  it('refuses a mixing for which it is the normal or the Laplace distribution', () => {
    for (const mixing of [0, 1, 0.995, -1, Number.NaN]) expect(() => elasticNet(mixing, 0, 1)).toThrow(UsageError)
  })
})
