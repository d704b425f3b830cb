import type { NumericArray } from '../../../src/contract/model.js'
import type { TrialDesign } from '../../../src/contract/trial.js'
import type { Dimension } from '../../../src/draws/draws.js'
import { DataError } from '../../../src/errors/data-error.js'
import type { HyperParameters } from '../../../src/numeric/effect-function.js'
import type { GaussianProcessOptions } from './gaussian-process-options.js'

export interface GaussianProcessData {
  readonly outcome: Float64Array
  readonly treatment: Float64Array
  /** t - e, `[patient]` */
  readonly centredTreatment: Float64Array
  /** `[patient, covariate]` */
  readonly covariates: NumericArray
  /** `[patient, modifier]` */
  readonly modifiers: NumericArray
  readonly covariate: Dimension
  readonly modifier: Dimension
  readonly patientCount: number
}

/** Of one draw. */
export function hyperParameters(
  { kernel, structure, scales }: GaussianProcessOptions,
  values: Readonly<Record<string, Float64Array>>,
): HyperParameters {
  const none = new Float64Array(0)
  return {
    sigma: values.sigma[0],
    prognosis: {
      family: kernel,
      structure,
      pairAmplitude: values.pairAmplitude?.[0] ?? 0,
      constantScale: scales.intercept,
      linearScale: values.slopeScale?.[0] ?? 0,
      amplitude: values.amplitude?.[0] ?? 0,
      lengthScales: values.lengthScale ?? none,
    },
    effect: {
      family: kernel,
      structure,
      pairAmplitude: values.effectPairAmplitude?.[0] ?? 0,
      constantScale: scales.treatment,
      linearScale: values.effectSlopeScale?.[0] ?? 0,
      amplitude: values.effectAmplitude?.[0] ?? 0,
      lengthScales: values.effectLengthScale ?? none,
    },
  }
}

/**
 * @throws DataError when one arm has no patients, or there are more patients than the options allow in the exact form.
 */
export function gaussianProcessData(trial: TrialDesign, options: GaussianProcessOptions): GaussianProcessData {
  requireUsable(trial, options)
  const patientCount = trial.outcome.length
  const share = options.allocation === 'observed' ? mean(trial.treatment) : options.allocation
  const centredTreatment = trial.treatment.map((arm) => arm - share)
  const columns = (isWanted: (column: TrialDesign['columns'][number]) => boolean) => {
    const wanted = trial.columns.flatMap((column, index) => (isWanted(column) ? [index] : []))
    const values = Float64Array.from({ length: patientCount * wanted.length }, (_, at) => {
      const patient = Math.floor(at / wanted.length)
      return trial.covariates[patient * trial.columns.length + wanted[at % wanted.length]]
    })
    return { rows: { values, shape: [patientCount, wanted.length] }, labels: wanted.map((index) => trial.columns[index].name) }
  }
  const prognostic = columns((column) => column.isPrognostic)
  const modifiers = columns((column) => column.isModifier)
  const design = { centredTreatment, covariates: prognostic.rows, modifiers: modifiers.rows }
  return {
    outcome: trial.outcome,
    treatment: trial.treatment,
    ...design,
    covariate: { name: 'covariate', labels: prognostic.labels },
    modifier: { name: 'modifier', labels: modifiers.labels },
    patientCount,
  }
}

const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length

function requireUsable({ study, outcome, treatment }: TrialDesign, { form, mostPatients }: GaussianProcessOptions): void {
  const treatedCount = treatment.reduce((sum, arm) => sum + arm, 0)
  if (treatedCount === 0 || treatedCount === treatment.length)
    throw new DataError({
      problem: `trial "${study}" has patients in one arm only`,
      reason: 'an effect of treatment is a comparison of two arms',
      remedy: 'Leave the trial out of the protocol.',
    })
  if (form === 'exact' && outcome.length > mostPatients)
    throw new DataError({
      problem: `trial "${study}" has ${outcome.length} patients and the exact Gaussian process is limited to ${mostPatients}`,
      reason: 'its cost grows with the third power of the number of patients, its memory with the second',
      remedy:
        'Leave `firstStage.form` out, so that larger trials are analysed in a basis, or raise `firstStage.mostPatients` and be patient.',
    })
}

/** Whether a trial of that size is analysed in a basis instead of exactly. */
export function isLarge(patientCount: number, { form, mostPatients }: GaussianProcessOptions): boolean {
  return form === 'basis' || (form === 'automatic' && patientCount > mostPatients)
}
