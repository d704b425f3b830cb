/** M1: linear regression, 500 patients, intercept and 20 slopes, over the full data. */
import { linearCase } from '../linear-case.js'

export const benchmarkCase = linearCase({ title: 'linear regression, n = 500', patientCount: 500, isSampled: true })
