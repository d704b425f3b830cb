import { halfStudentT } from '../../../src/distributions/half-student-t.js'
import { studentTCdf } from '../../../src/numeric/student-t-cdf.js'
import { describeFamily } from './describe-family.js'

/** Student's t on three degrees of freedom (Abramowitz and Stegun 1964, 26.7.3). */
const cdf3 = (t: number): number => 0.5 + (Math.atan(t / Math.sqrt(3)) + t / Math.sqrt(3) / (1 + (t * t) / 3)) / Math.PI

describeFamily('halfStudentT(3, 0, 2)', {
  prior: halfStudentT(3, 0, 2),
  reference: [
    [1e-12, -1.0008888496235098],
    [0.25, -1.0112784833777178],
    [2, -1.5762529945270716],
    [30, -9.662355530196171],
    [100000000.0, -69.71379852585697],
  ],
  cdf: (x) => 2 * cdf3(x / 2) - 1,
  interval: [0.1, 6],
  wrong: halfStudentT(3, 0, 2.2),
})

describeFamily('halfStudentT(3, 1, 2), truncated', {
  prior: halfStudentT(3, 1, 2),
  reference: [
    [1e-12, -1.460005715255296],
    [0.25, -1.3915393719711193],
    [2, -1.4600057152556039],
    [30, -9.827626095315889],
    [100000000.0, -70.012829936142],
  ],
  cdf: (x) => (cdf3((x - 1) / 2) - cdf3(-1 / 2)) / (1 - cdf3(-1 / 2)),
  interval: [0.1, 6],
  wrong: halfStudentT(3, 1, 2.3),
})

describeFamily('halfStudentT(4.5, -3, 2), truncated', {
  prior: halfStudentT(4.5, -3, 2),
  reference: [
    [1e-12, -0.480746652891266],
    [0.25, -0.6354556101784145],
    [2, -1.7604955895360466],
    [30, -10.693069836327501],
    [100000000.0, -92.73093952811676],
  ],
  cdf: (x) => 1 - studentTCdf(-(x + 3) / 2, 4.5) / studentTCdf(-3 / 2, 4.5),
  interval: [0.1, 6],
  wrong: halfStudentT(4.5, -3, 2.4),
})
