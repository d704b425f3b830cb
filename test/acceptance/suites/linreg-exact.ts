/** Linear regression of each trial with known residual standard deviation, in closed form: `linreg_exact/<case>.json`. */
import { join } from 'node:path'
import type { TrialDesign } from '../../../src/contract/trial.js'
import { exactNormalRegression, type NormalRegression } from '../../../src/numeric/exact-normal-regression.js'
import { exactSpikeAndSlabRegression } from '../../../src/numeric/exact-spike-and-slab-regression.js'
import { trialRegressionDesign } from '../../../src/numeric/trial-regression.js'
import { caseTrials } from '../case-trials.js'
import { casesWith, readJson } from '../kit.js'
import type { Suite } from '../suite.js'

interface ExactReference {
  readonly trials: readonly { readonly study: number | string; readonly sigma_fixed: number }[]
}

export const suite: Suite = {
  name: 'linreg_exact',
  async run({ kit, write, attempt }) {
    for (const name of casesWith(kit, 'linreg_exact.json'))
      await attempt(name, () => {
        const { trials } = readJson<ExactReference>(join(kit, 'ref', name, 'linreg_exact.json'))
        write(`linreg_exact/${name}.json`, { trials: exactTrials(caseTrials(kit, name), trials) })
        return `${trials.length} trials`
      })
  },
}

/** Closed-form posteriors of the trials that the reference lists, with its residual standard deviations. */
export function exactTrials(designs: readonly TrialDesign[], references: ExactReference['trials']) {
  return references.map(({ study, sigma_fixed: sigma }) => {
    const trial = designs.find((design) => design.study === String(study))
    if (!trial) throw new Error(`no trial ${study}`)
    const { values, coefficientCount, treatmentIndex } = trialRegressionDesign(trial)
    const priorScale = Float64Array.from({ length: coefficientCount }, (_, k) => (k <= treatmentIndex ? 10 : 1))
    const regression = { design: values, outcome: trial.outcome, priorScale, sigma }
    const interactions = Array.from({ length: coefficientCount - treatmentIndex - 1 }, (_, k) => treatmentIndex + 1 + k)
    return { study, normal: exactNormal(regression), spike_slab: exactSpikeAndSlab(regression, interactions) }
  })
}

/** alpha, beta, delta ~ N(0, 10^2), gamma ~ N(0, 1). */
function exactNormal(regression: NormalRegression) {
  const { mean, covariance, logMarginal } = exactNormalRegression(regression)
  const sd = Array.from(mean, (_, k) => Math.sqrt(covariance[k * mean.length + k]))
  return { mean: [...mean], sd, log_marginal: logMarginal }
}

/** gamma ~ 0.5 N(0, 1) + 0.5 N(0, 0.05^2), the others as before. */
function exactSpikeAndSlab(regression: NormalRegression, selected: readonly number[]) {
  const mixture = { selected, slabScale: 1, spikeScale: 0.05, slabProbability: 0.5 }
  const { mean, sd, inclusionProbability } = exactSpikeAndSlabRegression({ ...regression, ...mixture })
  return { mean: [...mean], sd: [...sd], pip_gamma: [...inclusionProbability] }
}
