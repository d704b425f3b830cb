/** What a study keeps of one method on one data set: measures, not draws. Seconds are kept apart, since all else is the same for the same key wherever it runs. */

/** Of the effects of the people of the test trials, in units of the outcome. */
export interface StudyMeasures {
  /** Median absolute error against the truth in the people's own (new) trial: target B. */
  readonly absoluteError: number
  /** The same against the mean function: target A. */
  readonly absoluteErrorOfMean: number
  /** Means of the errors for B. */
  readonly bias: number
  readonly rootMeanSquare: number
  readonly rootMeanSquareOfMean: number
  /** Slope of the true mean effect on the predicted one; 1 is calibrated. NaN when all predictions are the same. */
  readonly calibrationSlope: number
  /** Share of people whose effect has the predicted sign. */
  readonly correctSign: number
  /** Mean of |effect| where the sign is wrong and 0 elsewhere. */
  readonly regret: number
  /** Shares of people whose 95% interval holds the truth, and mean widths. */
  readonly coverageOfMean: number
  readonly widthOfMean: number
  readonly coverage: number
  readonly width: number
  /** The absolute error of who knows the mean function and the training trials' own deviations from it: nobody can be expected to do better. */
  readonly optimum: number
}

export const measureNames = [
  'absoluteError',
  'absoluteErrorOfMean',
  'bias',
  'rootMeanSquare',
  'rootMeanSquareOfMean',
  'calibrationSlope',
  'correctSign',
  'regret',
  'coverageOfMean',
  'widthOfMean',
  'coverage',
  'width',
  'optimum',
] as const satisfies readonly (keyof StudyMeasures)[]

export interface StudyKey {
  readonly design: string
  readonly scenario: string
  readonly replicate: number
  readonly method: string
  readonly seed: number
  readonly version: string
}

export interface StudyRecord extends StudyKey {
  /** Absent when the method failed. */
  readonly measures?: StudyMeasures
  /** Leave-one-trial-out R-loss in squared units of the outcome, less that of the best possible constant; absent where it is not computed. */
  readonly validationLoss?: number
  /** Trials whose fit has a failed diagnostic, and the second stage. */
  readonly doubtfulFits?: number
  readonly gradientCount?: number
  /** Predicted effects of a few people, to compare methods person by person. */
  readonly sample?: readonly number[]
  /** Why the method failed. */
  readonly failure?: string
}

/** Seconds of one method on one data set; first stages are shared by methods and count for each. */
export interface StudyTiming extends StudyKey {
  readonly firstStageSeconds: number
  readonly secondStageSeconds: number
}

export function keyText({ design, scenario, replicate, method, seed, version }: StudyKey): string {
  return JSON.stringify([design, scenario, replicate, method, seed, version])
}
