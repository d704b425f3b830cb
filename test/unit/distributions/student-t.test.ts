import { studentT } from '../../../src/distributions/student-t.js'
import { describeFamily } from './describe-family.js'

/** Student's t on three degrees of freedom (Abramowitz and Stegun 1964, 26.7.3). */
const cdf3 = (t: number): number => 0.5 + (Math.atan(t / Math.sqrt(3)) + t / Math.sqrt(3) / (1 + (t * t) / 3)) / Math.PI

describeFamily('studentT(3, 1, 2)', {
  prior: studentT(3, 1, 2),
  reference: [
    [-100000000.0, -70.40694574641692],
    [-60, -13.174157688436622],
    [0.25, -1.7856551022460434],
    [1, -1.694036030183455],
    [17, -7.906196691629168],
    [100000.0, -42.77588459268841],
  ],
  cdf: (x) => cdf3((x - 1) / 2),
  interval: [-4, 3],
  wrong: studentT(3, 1, 2.2),
})
