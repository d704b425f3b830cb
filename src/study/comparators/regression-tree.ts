/**
 * Regression trees by recursive partitioning: the split that lowers the sum of squares most, covariate by covariate (Breiman, Friedman, Olshen and Stone 1984). Split points are those between
 * neighbouring bins of a covariate, at most 32 bins of equal counts, as boosting on histograms does (Ke et al. 2017, LightGBM).
 */
import type { Stream } from '../../contract/stream.js'
import { drawWithoutReplacement } from '../../random/without-replacement.js'

export interface TreeSettings {
  readonly maximumDepth: number
  /** Least weight of a leaf. */
  readonly leastLeaf: number
  /** Covariates that each split chooses among; all when left out. */
  readonly tried?: number
}

/** Covariates in bins. */
export interface BinnedRows {
  readonly size: number
  /** Places of the rows' bins among those of all covariates, `[row, covariate]`. */
  readonly cells: Uint16Array
  /** Values between a bin and the next, `[covariate][bin]`. */
  readonly edges: readonly Float64Array[]
}

/** Nodes in order; `covariate` is -1 for a leaf. `[node]` */
export interface RegressionTree {
  readonly covariate: number[]
  readonly threshold: number[]
  /** Of the child for values up to the threshold; the other one follows it. */
  readonly child: number[]
  readonly value: number[]
}

const BINS = 32

/** @param x `[row, covariate]` */
export function binRows(x: Float64Array, size: number): BinnedRows {
  const count = x.length / size
  const columns = Array.from({ length: size }, (_, k) => Float64Array.from({ length: count }, (__, row) => x[row * size + k]))
  const edges = columns.map((values) => {
    const sorted = [...new Set(values)].sort((a, b) => a - b)
    const bins = Math.min(BINS, sorted.length)
    return Float64Array.from({ length: bins - 1 }, (_, bin) => {
      const at = Math.floor(((bin + 1) * sorted.length) / bins)
      return (sorted[at - 1] + sorted[at]) / 2
    })
  })
  const cells = new Uint16Array(x.length)
  for (let at = 0; at < x.length; at++) cells[at] = (at % size) * BINS + binOf(edges[at % size], x[at])
  return { size, cells, edges }
}

/** How many edges lie below the value. */
function binOf(edges: Float64Array, value: number): number {
  let [low, high] = [0, edges.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (value <= edges[middle]) high = middle
    else low = middle + 1
  }
  return low
}

/**
 * @param y `[row]`
 * @param weight `[row]`; rows of weight 0 are left out
 */
export function growTree(
  { size, cells, edges }: BinnedRows,
  y: Float64Array,
  weight: Float64Array,
  { maximumDepth, leastLeaf, tried = size }: TreeSettings,
  stream: Stream,
): RegressionTree {
  const tree: RegressionTree = { covariate: [], threshold: [], child: [], value: [] }
  const rows = Int32Array.from(weight.keys()).filter((row) => weight[row] > 0)
  const spare = new Int32Array(rows.length)
  const [totals, sums] = [new Float64Array(size * BINS), new Float64Array(size * BINS)]
  const everyCovariate = Int32Array.from({ length: size }, (_, k) => k)
  const addNode = () => {
    tree.covariate.push(-1)
    tree.threshold.push(0)
    tree.child.push(-1)
    return tree.value.push(0) - 1
  }
  /** The node has the rows at `from` to `to`. */
  const grow = (node: number, from: number, to: number, depth: number): void => {
    let [total, sum] = [0, 0]
    for (let at = from; at < to; at++) {
      total += weight[rows[at]]
      sum += weight[rows[at]] * y[rows[at]]
    }
    tree.value[node] = sum / total
    if (depth >= maximumDepth || total < 2 * leastLeaf) return
    const whole = sum ** 2 / total
    let [best, bestGain, bestBin] = [-1, 1e-12 * (1 + whole), 0]
    const candidates = tried < size ? drawWithoutReplacement(stream, size, tried) : everyCovariate
    totals.fill(0)
    sums.fill(0)
    for (let at = from; at < to; at++) {
      const row = rows[at]
      const own = weight[row]
      const product = own * y[row]
      const start = row * size
      for (let c = 0; c < candidates.length; c++) {
        const cell = cells[start + candidates[c]]
        totals[cell] += own
        sums[cell] += product
      }
    }
    for (const k of candidates) {
      const last = edges[k].length
      let [leftTotal, leftSum] = [0, 0]
      for (let bin = 0; bin < last; bin++) {
        if (totals[k * BINS + bin] === 0) continue
        leftTotal += totals[k * BINS + bin]
        leftSum += sums[k * BINS + bin]
        const rightTotal = total - leftTotal
        if (leftTotal < leastLeaf || rightTotal < leastLeaf) continue
        const gain = leftSum ** 2 / leftTotal + (sum - leftSum) ** 2 / rightTotal - whole
        if (gain > bestGain) [best, bestGain, bestBin] = [k, gain, bin]
      }
    }
    if (best < 0) return
    const middle = partition(rows, spare, from, to, (row) => cells[row * size + best] <= best * BINS + bestBin)
    if (middle === from || middle === to) return
    tree.covariate[node] = best
    tree.threshold[node] = edges[best][bestBin]
    const left = addNode()
    const right = addNode()
    tree.child[node] = left
    grow(left, from, middle, depth + 1)
    grow(right, middle, to, depth + 1)
  }
  grow(addNode(), 0, rows.length, 0)
  return tree
}

/** Rows that go left first, order kept; where the others begin. */
function partition(rows: Int32Array, spare: Int32Array, from: number, to: number, isLeft: (row: number) => boolean): number {
  let [left, right] = [from, 0]
  for (let at = from; at < to; at++) {
    const row = rows[at]
    if (isLeft(row)) rows[left++] = row
    else spare[right++] = row
  }
  rows.set(spare.subarray(0, right), left)
  return left
}

/** @param x `[row, covariate]`; the row that begins at `offset` */
export function predictTree({ covariate, threshold, child, value }: RegressionTree, x: Float64Array, offset: number): number {
  let node = 0
  for (let k = covariate[0]; k >= 0; k = covariate[node]) node = child[node] + (x[offset + k] <= threshold[node] ? 0 : 1)
  return value[node]
}

/**
 * Adds the predictions of a tree, times a factor, to `out` `[row]`.
 * @param x `[row, covariate]`
 */
export function addPredictions(tree: RegressionTree, x: Float64Array, size: number, factor: number, out: Float64Array): void {
  for (let row = 0; row < out.length; row++) out[row] += factor * predictTree(tree, x, row * size)
}
