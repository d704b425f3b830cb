import { describe, expect, it } from 'vitest'
import { catalog } from '../../../src/catalog.js'
import { UsageError } from '../../../src/errors/usage-error.js'
import { stream } from '../../../src/random/stream.js'
import { requireMatchingStages } from '../../../src/stages/check-stages.js'
import { boosting } from '../../../src/study/comparators/boosting.js'
import { causalForest } from '../../../src/study/comparators/causal-forest.js'
import { binRows, growTree, predictTree } from '../../../src/study/comparators/regression-tree.js'
import { authorsMethods, chooseMethods, studyMethods } from '../../../src/study/study-methods.js'

describe('methods of a study', () => {
  it('have thirteen among them that the authors compared', () => {
    expect(authorsMethods).toHaveLength(13)
    expect(
      chooseMethods(['authors'])
        .map(({ name }) => name)
        .sort(),
    ).toEqual([...authorsMethods].sort())
  })

  it('are pairs that the package itself accepts, with options that its models and methods know', async () => {
    for (const { firstStage, secondStage } of studyMethods) {
      const method = await catalog.poolingMethod(secondStage.method)
      const options = { method: secondStage.method, ...secondStage.options }
      method.parseOptions(options)
      if (firstStage.model === undefined) continue
      const model = await catalog.firstStageModel(firstStage.model)
      model.parseOptions({ model: firstStage.model, ...firstStage.options })
      requireMatchingStages(model, method, options)
    }
  })

  it('come once each, in the order of the tables', () => {
    expect(chooseMethods(['ols/fixed', 'authors', 'ols/fixed']).map(({ name }) => name)[0]).toBe('ols/fixed')
    expect(chooseMethods(['ols/reml', 'ols/fixed']).map(({ name }) => name)).toEqual(['ols/fixed', 'ols/reml'])
  })

  it('that there are not are refused, with the reason when the two stages do not go together', () => {
    expect(() => chooseMethods(['olz/reml'])).toThrow(UsageError)
    expect(() => chooseMethods(['lasso/reml'])).toThrow(/do not go together/)
    expect(() => chooseMethods(['nothing'])).toThrow(/There|there is no method/)
  })
})

describe('regression trees', () => {
  const x = Float64Array.from({ length: 40 }, (_, at) => (at % 2 === 0 ? at / 2 : (at * 7) % 5))
  const ones = new Float64Array(20).fill(1)

  it('find a step exactly, and the mean on either side', () => {
    const y = Float64Array.from({ length: 20 }, (_, row) => (row < 8 ? 1 : 5))
    const tree = growTree(binRows(x, 2), y, ones, { maximumDepth: 1, leastLeaf: 1 }, stream(1))
    expect(tree.covariate).toEqual([0, -1, -1])
    expect(tree.threshold[0]).toBe(7.5)
    expect(Array.from({ length: 20 }, (_, row) => predictTree(tree, x, 2 * row))).toEqual([...y])
  })

  it('weights count as repeated rows', () => {
    const y = Float64Array.from({ length: 20 }, (_, row) => Math.sin(row))
    const weight = ones.map((_, row) => row % 3)
    const rows = Array.from(weight).flatMap((count, row) => Array.from({ length: count }, () => row))
    const repeated = Float64Array.from(rows.flatMap((row) => [x[2 * row], x[2 * row + 1]]))
    const settings = { maximumDepth: 3, leastLeaf: 2 }
    const weighted = growTree(binRows(x, 2), y, weight, settings, stream(1))
    const plain = growTree(
      binRows(repeated, 2),
      Float64Array.from(rows, (row) => y[row]),
      new Float64Array(rows.length).fill(1),
      settings,
      stream(1),
    )
    for (const row of rows) expect(predictTree(weighted, x, 2 * row)).toBeCloseTo(predictTree(plain, x, 2 * row), 12)
  })

  it('leaves have the least weight asked for, and constant outcomes give one leaf', () => {
    const y = Float64Array.from({ length: 20 }, (_, row) => (row === 0 ? 100 : 0))
    const tree = growTree(binRows(x, 2), y, ones, { maximumDepth: 5, leastLeaf: 5 }, stream(1))
    const leaves = new Map<number, number>()
    for (let row = 0; row < 20; row++) {
      const value = predictTree(tree, x, 2 * row)
      leaves.set(value, (leaves.get(value) ?? 0) + 1)
    }
    for (const count of leaves.values()) expect(count).toBeGreaterThanOrEqual(5)
    expect(growTree(binRows(x, 2), ones, ones, { maximumDepth: 5, leastLeaf: 1 }, stream(1)).covariate).toEqual([-1])
  })
})

describe.each([boosting, causalForest])('$name', (comparator) => {
  /** Effect 2 for x > 0 and -2 below, noise free: what is left is the learner's smoothing. */
  const count = 400
  const source = stream(5)
  const covariates = Float64Array.from({ length: 2 * count }, () => 2 * source.uniform() - 1)
  const treatment = Float64Array.from({ length: count }, (_, row) => row % 2)
  const effectOf = (row: number) => (covariates[2 * row] > 0 ? 2 : -2)
  const outcome = treatment.map((arm, row) => arm * effectOf(row))
  const trial = { study: 'a', columns: [], outcome, treatment, covariates, patientIds: [] }
  const ones = new Float64Array(count).fill(1)

  it('finds a step in the effect, and the opposite one when arms are swapped', () => {
    const people = Float64Array.of(0.5, 0, -0.5, 0)
    const [high, low] = comparator.fit(trial, ones, stream(1))(people)
    expect(high).toBeGreaterThan(1.5)
    expect(low).toBeLessThan(-1.5)
    const [other] = comparator.fit({ ...trial, treatment: treatment.map((arm) => 1 - arm) }, ones, stream(1))(people)
    expect(other).toBeLessThan(-1.5)
  })

  it('is the same for the same stream', () => {
    const people = covariates.subarray(0, 20)
    expect([...comparator.fit(trial, ones, stream(2))(people)]).toEqual([...comparator.fit(trial, ones, stream(2))(people)])
  })
})
