import type { DesignColumn, TrialDesign, TrialSummary } from '../contract/trial.js'
import type { SiteArtefact } from './site-artefact.js'

/** A trial whose patients stay at their site: how many there are, and what the site says of them. Outcomes are place holders. */
export function trialOutline(artefact: SiteArtefact, all: readonly DesignColumn[]): TrialDesign {
  const { study, patients } = artefact
  const columns = all.filter(isMeasured(artefact))
  const count = patients.control + patients.treated
  return {
    study,
    columns,
    outcome: Float64Array.from({ length: count }, (_, patient) => patient % 3),
    treatment: Float64Array.from({ length: count }, (_, patient) => (patient < patients.treated ? 1 : 0)),
    covariates: new Float64Array(count * columns.length),
    patientIds: Array.from({ length: count }, (_, patient) => String(patient + 1)),
    summary: summaryOf(artefact),
  }
}

/** Where the site says nothing of its columns, modifiers without a coefficient were not measured. */
function isMeasured({ arms, coefficients }: SiteArtefact): (column: DesignColumn) => boolean {
  return ({ name, isModifier }) => {
    if (arms) return arms.columns.includes(name)
    return !isModifier || (coefficients?.names.includes(`treatment:${name}`) ?? true)
  }
}

function summaryOf({ leastSquares, overlap, arms, patients }: SiteArtefact): TrialSummary {
  return {
    ...(leastSquares && {
      leastSquares: {
        estimate: Float64Array.from(leastSquares.estimate),
        covariance: Float64Array.from(leastSquares.covariance),
      },
    }),
    ...(overlap && {
      overlap: { mean: overlap.mean, covariance: widened(overlap.covariance, overlap.mean.length, overlap.step) },
    }),
    ...(arms && { columns: bothArms(arms, patients) }),
  }
}

/** Rounding moves the eigenvalues of a matrix by at most size * step / 2 (Gershgorin): this much more on the diagonal keeps it positive definite. */
function widened(covariance: readonly number[], size: number, step: number): number[] {
  return covariance.map((value, at) => (at % (size + 1) === 0 ? value + (size * step) / 2 : value))
}

function bothArms({ control, treated }: NonNullable<SiteArtefact['arms']>, counts: SiteArtefact['patients']) {
  const total = counts.control + counts.treated
  const shares = [counts.control / total, counts.treated / total]
  const mean = control.mean.map((value, column) => shares[0] * value + shares[1] * treated.mean[column])
  const sd = mean.map((centre, column) =>
    Math.sqrt(
      [control, treated].reduce(
        (sum, arm, index) => sum + shares[index] * (arm.sd[column] ** 2 + (arm.mean[column] - centre) ** 2),
        0,
      ),
    ),
  )
  return { mean, sd }
}
