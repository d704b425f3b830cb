/**
 * Gradient boosting of regression trees as an S-learner: treatment is one more covariate, and the effect of a person is the prediction with treatment less that without (Friedman 2001,
 * DOI 10.1214/aos/1013203451; Kuenzel et al. 2019, DOI 10.1073/pnas.1804597116). 200 trees of depth 4 with rate 0.1: the middle of the authors' grid for XGBoost, not tuned.
 */
import type { Comparator } from './comparator.js'
import { addPredictions, binRows, growTree, type RegressionTree } from './regression-tree.js'

const TREES = 200
const RATE = 0.1
const TREE = { maximumDepth: 4, leastLeaf: 1 }

export const boosting: Comparator = {
  name: 'boosting',
  summary: 'gradient boosting S-learner, 200 trees of depth 4, rate 0.1 (XGBoost of the authors, not tuned)',
  fit({ covariates, treatment, outcome }, weight, stream) {
    const count = outcome.length
    const size = covariates.length / count + 1
    const x = new Float64Array(count * size)
    for (let row = 0; row < count; row++) {
      x.set(covariates.subarray(row * (size - 1), (row + 1) * (size - 1)), row * size)
      x[row * size + size - 1] = treatment[row]
    }
    const binned = binRows(x, size)
    const total = weight.reduce((sum, one) => sum + one, 0)
    const start = outcome.reduce((sum, value, row) => sum + weight[row] * value, 0) / total
    const residual = outcome.map((value) => value - start)
    const trees: RegressionTree[] = []
    for (let index = 0; index < TREES; index++) {
      const tree = growTree(binned, residual, weight, TREE, stream)
      addPredictions(tree, x, size, -RATE, residual)
      trees.push(tree)
    }
    return (people) => effects(trees, people, size)
  },
}

/** Trees that do not ask for treatment say the same of both arms. */
function effects(trees: readonly RegressionTree[], people: Float64Array, size: number): Float64Array {
  const width = size - 1
  const count = people.length / width
  const asking = trees.filter(({ covariate }) => covariate.includes(width))
  const out = new Float64Array(count)
  const x = new Float64Array(count * size)
  for (const arm of [1, 0]) {
    for (let person = 0; person < count; person++) {
      x.set(people.subarray(person * width, (person + 1) * width), person * size)
      x[person * size + width] = arm
    }
    for (const tree of asking) addPredictions(tree, x, size, arm === 1 ? RATE : -RATE, out)
  }
  return out
}
