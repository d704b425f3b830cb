/** A simulated trial, truth left behind, as a first-stage model takes it. */
import type { DesignColumn, TrialDesign } from '../contract/trial.js'
import type { SimulatedTrial } from './scenario-family.js'

/** @param columns one per covariate of the trial, in order; their centre and scale are applied, the same for all trials. Those of unmeasured covariates are left out. */
export function trialDesign(trial: SimulatedTrial, columns: readonly DesignColumn[]): TrialDesign {
  const measured = columns.map((_, index) => !trial.unmeasured?.includes(index))
  const covariates = trial.covariates.map((value, index) => {
    const { centre, scale } = columns[index % columns.length]
    return (value - centre) / scale
  })
  return {
    study: trial.study,
    columns: columns.filter((_, index) => measured[index]),
    outcome: trial.outcome,
    treatment: trial.treatment,
    covariates: trial.unmeasured?.length ? covariates.filter((_, index) => measured[index % columns.length]) : covariates,
    patientIds: Array.from(trial.outcome, (_, patient) => `${trial.study}-${patient + 1}`),
  }
}
