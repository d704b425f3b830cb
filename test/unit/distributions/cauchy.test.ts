import { cauchy } from '../../../src/distributions/cauchy.js'
import { describeFamily } from './describe-family.js'

const cauchyCdf = (z: number): number => 0.5 + Math.atan(z) / Math.PI

describeFamily('cauchy(1, 2)', {
  prior: cauchy(1, 2),
  reference: [
    [-100000000.0, -37.29294421319418],
    [-60, -8.674404836103115],
    [0.25, -1.9694534241980648],
    [1, -1.8378770664093456],
    [17, -6.012264336304983],
    [100000.0, -23.47741363552992],
  ],
  cdf: (x) => cauchyCdf((x - 1) / 2),
  interval: [-4, 3],
  wrong: cauchy(1, 2.3),
})
