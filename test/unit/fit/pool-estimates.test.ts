import { describe, expect, it } from 'vitest'
import type { DirectPoolingMethod } from '../../../src/contract/pooling-method.js'
import { parseProtocol } from '../../../src/data/parse-protocol.js'
import { fillNormal } from '../../../src/random/fill-normal.js'
import { poolEstimates } from '../../../src/stages/pool-estimates.js'
import { protocolText } from '../../end-to-end/small-trials.js'

const method = (isConverged: boolean): DirectPoolingMethod => ({
  name: 'test',
  takes: 'estimates',
  summary: '',
  parseOptions: () => undefined,
  describe: () => '',
  pool: (_, __, { chainCount, drawCount, streamFor }) => {
    const values = new Float64Array(chainCount * drawCount)
    for (let chain = 0; chain < chainCount; chain++)
      fillNormal(streamFor(chain), values.subarray(chain * drawCount, (chain + 1) * drawCount))
    return {
      draws: { chainCount, drawCount, variables: [{ name: 'mu', dimensions: [], values }] },
      findings: '',
      warnings: [],
      isConverged,
    }
  },
})
const protocol = parseProtocol(protocolText({ inference: '{ seed: 1, chains: 4, draws: 500 }' }), 'protocol.yaml')

describe('poolEstimates', () => {
  it('fails the diagnosis of an estimator that did not converge, however good the draws', () => {
    expect(poolEstimates(protocol, method(true), undefined, []).fit.diagnosis.status).toBe('passed')
    const { status, checks } = poolEstimates(protocol, method(false), undefined, []).fit.diagnosis
    expect(status).toBe('failed')
    expect(checks[0]).toMatchObject({ name: 'optimisation', status: 'failed' })
  })

  it('gives a chain the same draws however many chains there are', () => {
    const fewer = { ...protocol, inference: { ...protocol.inference, chains: 2 } }
    const [all, some] = [protocol, fewer].map(
      (one) => poolEstimates(one, method(true), undefined, []).fit.draws.variables[0].values,
    )
    expect(all.slice(0, 1000)).toEqual(some)
  })
})
