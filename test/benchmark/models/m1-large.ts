/** M1 with 100 000 patients. */
import { linearCase } from '../linear-case.js'

export const benchmarkCase = linearCase({ title: 'linear regression, n = 100 000', patientCount: 100_000, isSampled: false })
