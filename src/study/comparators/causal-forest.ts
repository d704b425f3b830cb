/**
 * A forest of the effect as an R-learner: a forest predicts each patient's outcome out of bag, m(x), and a second one regresses (y - m(x)) / (t - e) on covariates, e the realised share of
 * treated patients, with weights (t - e)^2 (Nie and Wager 2021, DOI 10.1093/biomet/asaa076; Athey, Tibshirani and Wager 2019, DOI 10.1214/18-AOS1709). A stand-in for the causal
 * forest of the authors: splits are on squared error of that pseudo-outcome and trees are not honest.
 */
import type { Stream } from '../../contract/stream.js'
import { drawInteger } from '../../random/integer.js'
import type { Comparator } from './comparator.js'
import { addPredictions, type BinnedRows, binRows, growTree, predictTree, type RegressionTree } from './regression-tree.js'

const TREES = 100
const LEAST_LEAF = 5
const DEPTH = 10

interface Grown {
  readonly trees: readonly RegressionTree[]
  /** Mean of the trees that have not seen the row, `[row]`; the mean of y where all have. */
  readonly outOfBag: Float64Array
}

function forest(x: Float64Array, y: Float64Array, weight: Float64Array, binned: BinnedRows, stream: Stream): Grown {
  const { size } = binned
  const rows = Int32Array.from(weight.keys()).filter((row) => weight[row] > 0)
  const trees: RegressionTree[] = []
  const [sums, counts] = [new Float64Array(y.length), new Float64Array(y.length)]
  const settings = { maximumDepth: DEPTH, leastLeaf: LEAST_LEAF, tried: Math.ceil(size / 2) }
  for (let index = 0; index < TREES; index++) {
    const bag = new Float64Array(y.length)
    for (let drawn = 0; drawn < rows.length; drawn++) {
      const row = rows[drawInteger(stream, rows.length)]
      bag[row] += weight[row]
    }
    const tree = growTree(binned, y, bag, settings, stream)
    for (let row = 0; row < y.length; row++)
      if (bag[row] === 0) {
        sums[row] += predictTree(tree, x, row * size)
        counts[row]++
      }
    trees.push(tree)
  }
  const total = weight.reduce((sum, one) => sum + one, 0)
  const average = y.reduce((sum, value, row) => sum + weight[row] * value, 0) / total
  return { trees, outOfBag: sums.map((sum, row) => (counts[row] === 0 ? average : sum / counts[row])) }
}

export const causalForest: Comparator = {
  name: 'causal-forest',
  summary: 'R-learner forest of 100 trees (a stand-in for the causal forest of the authors, without honesty)',
  fit({ covariates, treatment, outcome }, weight, stream) {
    const count = outcome.length
    const size = covariates.length / count
    const binned = binRows(covariates, size)
    const { outOfBag } = forest(covariates, outcome, weight, binned, stream)
    const total = weight.reduce((sum, one) => sum + one, 0)
    const share = treatment.reduce((sum, arm, row) => sum + weight[row] * arm, 0) / total
    const pseudo = outcome.map((value, row) => (value - outOfBag[row]) / (treatment[row] - share))
    const { trees } = forest(
      covariates,
      pseudo,
      weight.map((one, row) => one * (treatment[row] - share) ** 2 * 4),
      binned,
      stream,
    )
    return (people) => {
      const out = new Float64Array(people.length / size)
      for (const tree of trees) addPredictions(tree, people, size, 1 / trees.length, out)
      return out
    }
  },
}
