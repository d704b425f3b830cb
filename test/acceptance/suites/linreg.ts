/** Linear regression of each trial, by independent draws where the posterior has a closed form and by sampling where not, one prior on the interactions per reference file: `linreg/<case>.<prior>.json`. */
import { join } from 'node:path'
import { firstStageModel } from '../../../models/first-stage/linear.js'
import type { Fit } from '../../../src/contract/analysis.js'
import type { TrialDesign } from '../../../src/contract/trial.js'
import { exactFit } from '../../../src/fitting/exact-fit.js'
import { fit as fitModel } from '../../../src/fitting/fit.js'
import { caseTrials } from '../case-trials.js'
import { casesWith, readJson } from '../kit.js'
import { leastEssBulk, parameterSummaries } from '../parameter-summary.js'
import type { SamplerSettings, Suite } from '../suite.js'

/** alpha, beta, delta ~ N(0, 10^2), sigma ~ half-N(0, 2.5), and gamma as the prior's name says. */
const scales = { intercept: 10, prognostic: 10, treatment: 10 }
const residual = { family: 'half-normal', scale: 2.5 }
const PRIORS: Record<
  string,
  { readonly file: string; readonly prior: { readonly name: string; readonly [option: string]: unknown } }
> = {
  normal: { file: 'stan_linreg_normal.json', prior: { name: 'normal', scale: 1 } },
  laplace: { file: 'jags_linreg_laplace.json', prior: { name: 'laplace', scale: 1 } },
  rhs: {
    file: 'stan_linreg_rhs.json',
    prior: { name: 'regularised-horseshoe', globalScale: 0.1, slabDegreesOfFreedom: 4, slabScale: 1 },
  },
  ss: { file: 'jags_linreg_ss.json', prior: { name: 'spike-and-slab', slabScale: 1, spikeScale: 0.05, slabProbability: 0.5 } },
}

export const suite: Suite = {
  name: 'linreg',
  async run({ kit, settings, write, attempt }) {
    for (const [priorName, { file, prior }] of Object.entries(PRIORS))
      for (const name of casesWith(kit, file))
        await attempt(`${name}.${priorName}`, async () => {
          const reference = readJson<{ trials: { study: number | string }[] }>(join(kit, 'ref', name, file))
          const designs = caseTrials(kit, name)
          const trials = []
          for (const { study } of reference.trials) {
            const trial = designs.find((design) => design.study === String(study))
            if (!trial) throw new Error(`no trial ${study}`)
            trials.push({ study, ...(await fitTrial(trial, { prior, scales, residual }, settings)) })
          }
          const seconds = trials.reduce((sum, trial) => sum + trial.total_s, 0)
          write(`linreg/${name}.${priorName}.json`, { trials, total_s: seconds })
          return `${trials.length} trials, ${seconds.toFixed(1)} s`
        })
  },
}

/** Of each chain: quantiles of spiked and heavy-tailed posteriors need more than 1000. */
const DRAWS = 4000

async function fitTrial(trial: TrialDesign, rawOptions: unknown, settings: SamplerSettings) {
  const options = firstStageModel.parseOptions(rawOptions)
  const { seed, chains } = settings
  const exact = exactFit(firstStageModel, trial, options, { seed, ...(chains && { chains }), draws: DRAWS, purpose: 'linreg' })
  if (exact) return summaryOf(exact)
  const { model, data } = firstStageModel.condition(trial, options)
  const targetAcceptance = firstStageModel.targetAcceptance(options)
  return summaryOf(
    await fitModel(model, data, { draws: DRAWS, ...settings, targetAcceptance, purpose: 'linreg', study: trial.study }),
  )
}

function summaryOf({ draws, seconds }: Fit) {
  const parameters = parameterSummaries(draws, ['alpha', 'beta', 'delta', 'gamma', 'sigma'])
  return { parameters, total_s: seconds, min_ess_bulk: leastEssBulk(parameters) }
}
