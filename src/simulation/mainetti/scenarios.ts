/** The sixteen scenarios of Mainetti et al. 2026: four factors of two levels each. */
import type { Scenario } from '../scenario-family.js'

export interface MainettiFactors {
  /** Between-trial variance of the treatment effect. */
  readonly heterogeneity: number
  readonly modification: 'none' | 'small' | 'large'
  /** Patients per trial: small 50 to 200, large 300 to 600. */
  readonly trialSize: 'small' | 'large'
  /** Linear effect modification, or linear plus a non-linear term. */
  readonly interactions: 'linear' | 'complex'
}

const HETEROGENEITY = [0.2, 0.5]
const MODIFICATION = ['small', 'large'] as const
const TRIAL_SIZE = ['small', 'large'] as const
const INTERACTIONS = ['linear', 'complex'] as const

/** In the published order: heterogeneity changes fastest, then modification, trial size and interactions. */
export const mainettiScenarios: readonly Scenario<MainettiFactors>[] = INTERACTIONS.flatMap((interactions) =>
  TRIAL_SIZE.flatMap((trialSize) =>
    MODIFICATION.flatMap((modification) =>
      HETEROGENEITY.map((heterogeneity) => ({
        id: `${interactions}-${trialSize}-trials-${modification}-modification-${heterogeneity}`,
        factors: { heterogeneity, modification, trialSize, interactions },
      })),
    ),
  ),
)
