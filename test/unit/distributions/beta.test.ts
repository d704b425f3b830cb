import { beta } from '../../../src/distributions/beta.js'
import { describeFamily } from './describe-family.js'

describeFamily('beta(2, 3)', {
  prior: beta(2, 3),
  reference: [
    [1e-12, -25.14611446614255],
    [0.1, -0.028399474521697932],
    [0.5, 0.4054651081081644],
    [0.9, -2.225624051857918],
    [0.9999999990686774, -39.10392418474004],
  ],
  cdf: (x) => 6 * x ** 2 - 8 * x ** 3 + 3 * x ** 4,
  interval: [0.1, 0.7],
  wrong: beta(2.2, 3),
})

describeFamily('beta(0.5, 0.5), the arcsine law', {
  prior: beta(0.5, 0.5),
  reference: [
    [1e-12, 12.670780672115374],
    [0.1, 0.059242918476535796],
    [0.5, -0.4515827052894549],
    [0.9, 0.05924291847653592],
    [0.9999999990686774, 9.252477823015441],
  ],
  cdf: (x) => (2 / Math.PI) * Math.asin(Math.sqrt(x)),
  interval: [0.1, 0.7],
  wrong: beta(0.55, 0.5),
})
