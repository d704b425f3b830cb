/** Linear regression of each trial by sampling, one prior on the interactions per reference file: `linreg/<case>.<prior>.json`. */
import { join } from 'node:path'
import { firstStageModel } from '../../../models/first-stage/linear.js'
import type { TrialDesign } from '../../../src/contract/trial.js'
import { fit as fitModel } from '../../../src/fit.js'
import { caseTrials } from '../case-trials.js'
import { casesWith, readJson } from '../kit.js'
import { leastEssBulk, parameterSummaries } from '../parameter-summary.js'
import type { SamplerSettings, Suite } from '../suite.js'

/** alpha, beta, delta ~ N(0, 10^2), sigma ~ half-N(0, 2.5), and gamma as the prior's name says. */
const common = { intercept: 10, prognostic: 10, treatment: 10 }
const residual = { family: 'half-normal', scale: 2.5 }
const PRIORS: Record<string, { readonly file: string; readonly options: unknown }> = {
  normal: { file: 'stan_linreg_normal.json', options: { prior: 'normal', scales: { ...common, interaction: 1 }, residual } },
}

export const suite: Suite = {
  name: 'linreg',
  async run({ kit, settings, write, attempt }) {
    for (const [prior, { file, options }] of Object.entries(PRIORS))
      for (const name of casesWith(kit, file))
        await attempt(`${name}.${prior}`, async () => {
          const reference = readJson<{ trials: { study: number | string }[] }>(join(kit, 'ref', name, file))
          const designs = caseTrials(kit, name)
          const trials = []
          for (const { study } of reference.trials) {
            const trial = designs.find((design) => design.study === String(study))
            if (!trial) throw new Error(`no trial ${study}`)
            trials.push({ study, ...(await fitTrial(trial, options, settings)) })
          }
          const seconds = trials.reduce((sum, trial) => sum + trial.total_s, 0)
          write(`linreg/${name}.${prior}.json`, { trials, total_s: seconds })
          return `${trials.length} trials, ${seconds.toFixed(1)} s`
        })
  },
}

async function fitTrial(trial: TrialDesign, rawOptions: unknown, settings: SamplerSettings) {
  const { model, data } = firstStageModel.condition(trial, firstStageModel.parseOptions(rawOptions))
  const { draws, seconds } = await fitModel(model, data, { ...settings, purpose: 'linreg', study: trial.study })
  const parameters = parameterSummaries(draws, ['alpha', 'beta', 'delta', 'gamma', 'sigma'])
  return { parameters, total_s: seconds, min_ess_bulk: leastEssBulk(parameters) }
}
