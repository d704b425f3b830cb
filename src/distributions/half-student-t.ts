import type { Prior, PriorArgument, PriorOptions } from '../contract/distribution.js'
import { studentTCdf } from '../numeric/student-t-cdf.js'
import { drawStudentT } from '../random/student-t.js'
import { positive } from '../transforms/positive.js'
import { univariatePrior } from './shared/prior.js'
import { drawPositive, logPositiveHalf, truncated } from './shared/truncated-at-zero.js'
import { studentTLogProbability } from './student-t.js'

/**
 * Student t prior truncated to the positive numbers. With location 0 the other arguments may depend on parameters.
 * @throws UsageError unless numbers are finite, degrees of freedom and scale positive, and location is 0 or all are plain numbers.
 */
export function halfStudentT(
  degreesOfFreedom: PriorArgument,
  location: PriorArgument,
  scale: PriorArgument,
  options?: PriorOptions,
): Prior {
  const logHalf = logPositiveHalf('halfStudentT', location, { degreesOfFreedom, scale }, (standardised, numbers) =>
    studentTCdf(standardised, numbers.degreesOfFreedom),
  )
  return univariatePrior(
    {
      name: 'halfStudentT',
      argumentNames: ['degreesOfFreedom', 'location', 'scale'],
      domains: ['positive', 'real', 'positive'],
      support: positive,
      logProbability: (value, df, centre, width) => truncated(studentTLogProbability(value, df, centre, width), logHalf),
      draw: (stream, df, centre, width) => drawPositive(stream, centre, (source) => drawStudentT(source, df, centre, width)),
    },
    [degreesOfFreedom, location, scale],
    options,
  )
}

/** For documentation and contract tests. */
export const examples: readonly Prior[] = [halfStudentT(3, 0, 1), halfStudentT(4, 1.5, 0.7), halfStudentT(5, -1, 1)]
