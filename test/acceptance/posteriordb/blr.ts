/** sblrc, sblri: y ~ N(X beta, sigma), beta ~ N(0, 10), sigma ~ half-N(0, 10). */
import { halfNormal } from '../../../src/distributions/half-normal.js'
import { normal } from '../../../src/distributions/normal.js'
import { linearRegression } from '../linear-regression.js'

export default ({ y, X }: { y: number[]; X: number[][] }) =>
  linearRegression(
    'blr',
    y,
    X[0].map((_, column) => X.map((row) => row[column])),
    { beta: normal(0, 10, { shape: [X[0].length] }), sigma: halfNormal(10) },
  )
