/**
 * The posteriors of the acceptance kit as benchmark cases. Regressions see their sufficient statistics on both sides, so that figures compare
 * samplers and not formulas. Eight schools comes in its centred form too, as a geometry that is hard on purpose.
 */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Prior } from '../../src/contract/distribution.js'
import type { Model } from '../../src/contract/model.js'
import { halfCauchy } from '../../src/distributions/half-cauchy.js'
import { normal, normalLogProbability } from '../../src/distributions/normal.js'
import { condition } from '../../src/language/condition.js'
import { model } from '../../src/language/model.js'
import { names, readJson } from '../acceptance/kit.js'
import type { RegressionData } from '../acceptance/linear-regression.js'
import { modelPath } from '../acceptance/suites/posteriordb.js'
import type { BenchmarkCase, PeerData } from './benchmark-case.js'

interface Schools {
  readonly y: readonly number[]
  readonly sigma: readonly number[]
}

interface Posterior<Data> {
  readonly model: Model<Data, Record<string, Prior>>
  readonly data: Data
}

const EIGHT_SCHOOLS = 'eight_schools_noncentered'
const CENTRED = 'centred'

/** Scales of the priors in `regression.stan`, by model; 0, when left out, is flat. */
const regressionPriors: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  blr: { betaScale: 10, sigmaNormalScale: 10 },
  earn_height: {},
  kidscore_interaction: { sigmaCauchyScale: 2.5 },
  kidscore_interaction_z: {},
  kidscore_momhsiq: { sigmaCauchyScale: 2.5 },
  logearn_interaction: {},
  logearn_interaction_z: {},
  logmesquite: {},
  logmesquite_logvash: {},
  mesquite: {},
  nes: {},
}

const modelNameOf = (posterior: string) => posterior.slice(posterior.indexOf('-') + 1)

/** Those for which there is a Stan program. */
export function posteriorNames(kit: string): string[] {
  return names(join(kit, 'posteriordb'), /\.data\.json$/)
    .map((file) => file.replace(/\.data\.json$/, ''))
    .flatMap((posterior) => {
      const name = modelNameOf(posterior)
      if (name === EIGHT_SCHOOLS) return [posterior, `${posterior}-${CENTRED}`]
      return name in regressionPriors ? [posterior] : []
    })
}

export async function posteriorCase(posterior: string, kit: string): Promise<BenchmarkCase> {
  const isCentred = posterior.endsWith(`-${CENTRED}`)
  const stored = isCentred ? posterior.slice(0, -CENTRED.length - 1) : posterior
  const json = readJson(join(kit, 'posteriordb', `${stored}.data.json`))
  if (isCentred) return schoolsCase('eight schools, centred', 'eight-schools-centred', centredSchools(json as Schools))
  const path = pathToFileURL(modelPath(stored)!).href
  const made = ((await import(path)) as { default: (data: unknown) => unknown }).default(json)
  if (modelNameOf(stored) === EIGHT_SCHOOLS)
    return schoolsCase('eight schools, non-centred', 'eight-schools', made as Posterior<Schools>)
  return regressionCase(stored, made as Posterior<RegressionData>)
}

function schoolsCase(title: string, program: string, { model: schools, data }: Posterior<Schools>): BenchmarkCase {
  const { y, sigma } = data
  return {
    title,
    condition: () => condition(schools, data),
    peer: {
      program,
      data: () => ({ schoolCount: y.length, y: Float64Array.from(y), standardError: Float64Array.from(sigma) }),
      chain: { warmup: 500, draws: 4000, maximumTreeDepth: 10 },
    },
    sampling: { monitored: ['mu', 'tau', 'theta'], targetAcceptance: 0.8 },
  }
}

function centredSchools({ y, sigma }: Schools): Posterior<Schools> {
  return {
    model: model({
      name: 'eight_schools_centred',
      parameters: (_data: Schools) => ({
        mu: normal(0, 5),
        tau: halfCauchy(0, 5),
        theta: normal('mu', 'tau', { shape: [y.length] }),
      }),
      logLikelihood: ({ theta }, data) => normalLogProbability(data.y, theta, data.sigma),
    }) as unknown as Posterior<Schools>['model'],
    data: { y, sigma },
  }
}

function regressionCase(posterior: string, { model: regression, data }: Posterior<RegressionData>): BenchmarkCase {
  return {
    title: 'linear regression over sufficient statistics',
    condition: () => condition(regression, data),
    peer: {
      program: 'regression',
      data: () => regressionPeerData(data, regressionPriors[modelNameOf(posterior)]),
      chain: { warmup: 500, draws: 4000, maximumTreeDepth: 10 },
    },
    sampling: { monitored: ['beta', 'sigma'], targetAcceptance: 0.8 },
  }
}

function regressionPeerData({ count, leastSquares, root, residualSquares }: RegressionData, priors: PeerData): PeerData {
  const size = leastSquares.length
  return {
    count,
    coefficientCount: size,
    leastSquares,
    root: { values: Float64Array.from(root.flat()), shape: [size, size] },
    residualSquares,
    betaScale: 0,
    sigmaNormalScale: 0,
    sigmaCauchyScale: 0,
    ...priors,
  }
}
