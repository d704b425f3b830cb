import { describe, expect, it } from 'vitest'
import { mainettiScenarios } from '../../../src/simulation/mainetti/scenarios.js'
import { judgeFindings } from '../../../src/study/findings.js'
import { measureEffects } from '../../../src/study/measure-effects.js'
import { studyPage } from '../../../src/study/study-page.js'
import { measureNames, type StudyMeasures, type StudyRecord } from '../../../src/study/study-record.js'
import { ratioTable, studyTables } from '../../../src/study/study-tables.js'
import { estimateOf, logRatio, summariseStudy } from '../../../src/study/summarise-study.js'

const vector = (...values: number[]) => Float64Array.from(values)

describe('measures of one data set', () => {
  const measures = measureEffects(
    { point: vector(1, 2, -1, 4), truth: vector(2, 2, 1, 1), meanTruth: vector(1, 3, -3, 7), trainingDeviation: 1 },
    {
      chosen: [0, 2],
      average: vector(0, -5, 2, -4, 0.5, -4.5),
      newSetting: vector(1.5, 0, 2.5, 3, 2, 2),
    },
  )

  it('are by hand: errors -1, 0, -2, 3; sign wrong for the third', () => {
    expect(measures.absoluteError).toBe(1.5)
    expect(measures.absoluteErrorOfMean).toBe(1.5)
    expect(measures.bias).toBe(0)
    expect(measures.rootMeanSquare).toBeCloseTo(Math.sqrt(14 / 4), 14)
    expect(measures.correctSign).toBe(0.75)
    expect(measures.regret).toBe(0.25)
  })

  it('the optimum is the median of the deviations of new trials from that of the training trials: 0, 2, 3, 7', () => {
    expect(measures.optimum).toBe(2.5)
  })

  it('the slope is that of truth on prediction', () => {
    expect(measures.calibrationSlope).toBeCloseTo(26 / 13, 14)
  })

  it('coverage counts people whose quantiles hold their truth, width is the mean', () => {
    expect(measures.coverage).toBe(1)
    expect(measures.coverageOfMean).toBe(0.5)
    expect(measures.width).toBeCloseTo((0.95 * 1 + 0.95 * 3) / 2, 1)
  })
})

it('an estimate has SD / sqrt(R) as its Monte Carlo error, and none from one data set', () => {
  expect(estimateOf([1, 2, 3, Number.NaN])).toEqual({ mean: 2, mcse: Math.sqrt(1 / 3), count: 3 })
  expect(estimateOf([1]).mcse).toBeNaN()
})

const fill = (absoluteError: number): StudyMeasures => ({
  ...(Object.fromEntries(measureNames.map((name) => [name, 0])) as unknown as StudyMeasures),
  absoluteError,
  absoluteErrorOfMean: absoluteError,
  optimum: absoluteError / 1.02,
})

/** Records of made-up errors; the loss ranks methods as the error does. */
function study(errorOf: (method: string, scenario: string, replicate: number) => number): StudyRecord[] {
  const methods = [
    'ols/reml',
    'ols/auxiliary',
    'lasso/auxiliary',
    'ridge/auxiliary',
    'bayes-linear/hierarchical',
    'boosting/auxiliary',
    'boosting/bootstrap',
  ]
  return mainettiScenarios.flatMap(({ id }) =>
    [0, 1, 2].flatMap((replicate) =>
      methods.map((method) => {
        const error = errorOf(method, id, replicate)
        const key = { design: 'mainetti', scenario: id, replicate, method, seed: 1, version: '1' }
        return { ...key, measures: fill(error), validationLoss: error, sample: [1, 2, 4, replicate] }
      }),
    ),
  )
}

/** As the authors found it. */
function asPublished(method: string, id: string, replicate: number): number {
  const noise = 1 + 0.01 * replicate
  const isLinear = id.startsWith('linear')
  const base = (isLinear ? 0.35 : 1.9) * (id.endsWith('0.5') ? 1.5 : 1)
  if (!method.startsWith('boosting')) return base * noise
  const penalty = method.endsWith('bootstrap') ? 1.2 + 0.001 * replicate : 1
  const isSmall = id.includes('small-trials')
  const factor = isLinear ? 4 : isSmall ? 1.3 : 0.5
  return base * noise * factor * penalty * (1 + 0.001 * replicate)
}

describe('findings', () => {
  const verdicts = (records: StudyRecord[]) => judgeFindings(records).map(({ id, verdict }) => `${id} ${verdict}`)

  it('are confirmed by results like the published ones', () => {
    expect(verdicts(study(asPublished))).toEqual([
      ...[1, 2, 3, 4, 5, 6, 7, 8].map((id) => `T${id} confirmed`),
      'O1 confirmed',
      'O2 undecided',
      'O3 undecided',
    ])
  })

  it('are contradicted by results the other way round (negative control)', () => {
    const inverse = study((method, id, replicate) => 1 / asPublished(method, id, replicate))
    const found = verdicts(inverse)
    for (const id of ['T1', 'T2', 'T3', 'T4', 'T5', 'T8']) expect(found).toContain(`${id} contradicted`)
  })

  it('are undecided without data, with one data set, and when a method was not run', () => {
    const undecided = [
      ...[1, 2, 3, 4, 5, 6, 7, 8].map((id) => `T${id} undecided`),
      'O1 undecided',
      'O2 undecided',
      'O3 undecided',
    ]
    expect(verdicts([])).toEqual(undecided)
    expect(verdicts(study(asPublished).filter(({ method }) => method.startsWith('boosting')))[0]).toBe('T1 undecided')
    expect(verdicts(study(asPublished).filter(({ replicate }) => replicate === 0))[4]).toBe('T5 undecided')
  })

  it('say of how many scenarios they are when refits were made in some only', () => {
    const some = study(asPublished).filter(({ method, scenario }) => method !== 'boosting/bootstrap' || scenario.endsWith('0.2'))
    expect(judgeFindings(some)[4]).toMatchObject({
      verdict: 'confirmed',
      statement: expect.stringContaining('8 scenarios of 16'),
    })
  })

  it('judge bootstrap weights by every learner that has them', () => {
    const boosting = study(asPublished)
    const forestWith = (penalty: number) =>
      boosting.flatMap((record) => {
        const { measures } = record
        if (!measures || !record.method.startsWith('boosting') || !record.scenario.endsWith('0.2')) return []
        const factor = record.method.endsWith('bootstrap') ? penalty : 1
        const method = record.method.replace('boosting', 'causal-forest')
        return [{ ...record, method, measures: fill(factor * measures.absoluteError) }]
      })
    const fifth = (penalty: number) => judgeFindings([...boosting, ...forestWith(penalty)])[4]
    expect(fifth(1.1)).toMatchObject({
      verdict: 'confirmed',
      statement: expect.stringContaining('causal-forest in the 8 scenarios'),
    })
    expect(fifth(0.6).verdict).toBe('contradicted')
  })
})

describe('bars', () => {
  const verdictOf = (id: string, records: StudyRecord[]) => judgeFindings(records).find((one) => one.id === id)!.verdict
  const changed = (change: (one: StudyRecord) => Partial<StudyMeasures>) =>
    study(asPublished).map((one) => ({ ...one, measures: { ...one.measures!, ...change(one) } }))

  it('O1: an error 20% above the optimum is not within 5% of it', () => {
    expect(
      verdictOf(
        'O1',
        changed(({ measures }) => ({ optimum: measures!.absoluteError / 1.2 })),
      ),
    ).toBe('contradicted')
  })

  it('O2: a model of ours with half the error of boosting meets the bar, one with more does not', () => {
    const withModel = (error: number, boosting: number) => [
      ...study(asPublished).map((one) => ({ ...one, measures: { ...one.measures!, absoluteErrorOfMean: boosting } })),
      ...study(asPublished)
        .filter(({ method }) => method === 'ols/reml')
        .map((one) => ({
          ...one,
          method: 'neural-network/auxiliary',
          measures: { ...one.measures!, absoluteErrorOfMean: error * (1 + 0.001 * one.replicate) },
        })),
    ]
    expect(verdictOf('O2', withModel(0.4, 0.9))).toBe('confirmed')
    expect(verdictOf('O2', withModel(0.4, 0.7))).toBe('contradicted')
    expect(verdictOf('O2', withModel(0.5, 1.2))).toBe('contradicted')
  })

  it('O3: a model of ours may have a tenth more error than regression where effects are linear, not two', () => {
    const withModel = (factor: number) => [
      ...study(asPublished),
      ...study((method, id, replicate) => factor * (1 + 0.001 * replicate) * asPublished(method, id, replicate))
        .filter(({ method }) => method === 'ols/reml')
        .map((one) => ({ ...one, method: 'gaussian-process-mode/auxiliary' })),
    ]
    expect(verdictOf('O3', withModel(1.05))).toBe('confirmed')
    expect(verdictOf('O3', withModel(1.2))).toBe('contradicted')
    // what the authors said of machine learning is judged without it
    expect(verdictOf('T2', withModel(0.9))).toBe('confirmed')
    expect(verdictOf('T8', withModel(0.9))).toBe('confirmed')
  })
})

describe('summaries', () => {
  const records = study(asPublished)

  it('pair methods by data set: the ratio of the same errors times 2 is 2 without error', () => {
    const doubled = records.map((one) =>
      one.method === 'ols/auxiliary' ? { ...one, measures: fill(2 * one.measures!.absoluteError) } : one,
    )
    const ratio = logRatio(doubled, ['ols/auxiliary', 'ols/reml'])
    expect(ratio.mean).toBeCloseTo(Math.LN2, 12)
    expect(ratio.mcse).toBeCloseTo(0, 12)
    expect(ratio.count).toBe(48)
  })

  it('put every method beside one, paired', () => {
    const table = ratioTable(records, summariseStudy(records), ['nothing', 'ols/reml'])!
    expect(table.title).toContain('Ratios to ols/reml')
    expect(table.rows).toHaveLength(16 * 6)
    for (const row of table.rows) expect(row).toHaveLength(table.header.length)
    const boosted = table.rows.find(([scenario, method]) => scenario.startsWith('linear') && method === 'boosting/auxiliary')!
    expect(boosted.slice(2)).toEqual(['3', '4.004 (0.001)', '4.004 (0.001)'])
    expect(ratioTable([], [], ['ols/reml'])).toBeUndefined()
  })

  it('count failures apart and leave them out of means', () => {
    const { measures: _, ...key } = records[0]
    const cells = summariseStudy([...records, { ...key, replicate: 9, failure: 'singular' }])
    const cell = cells.find(({ scenario, method }) => scenario === key.scenario && method === key.method)!
    expect(cell).toMatchObject({ dataSets: 4, failures: 1 })
    expect(cell.measures.absoluteError.count).toBe(3)
  })

  it('make tables with as many cells as headers, and a page with a figure for each measure shown', () => {
    const cells = summariseStudy(records.slice(0, 14))
    for (const { header, rows } of studyTables(cells)) for (const row of rows) expect(row).toHaveLength(header.length)
    const page = studyPage('mainetti', cells)
    expect(page.match(/<figure>/g)).toHaveLength(4)
    expect(page).toContain('boosting/auxiliary')
  })
})
