import { describe, expect, it } from 'vitest'
import { type Catalog, catalog } from '../../../src/catalog.js'
import type { EffectPoolingMethod } from '../../../src/contract/pooling-method.js'
import { type ValidationEvent, validate } from '../../../src/cross-validation/validate.js'
import { DataError } from '../../../src/errors/data-error.js'
import { ProtocolError } from '../../../src/errors/protocol-error.js'
import { RunError } from '../../../src/errors/run-error.js'
import { renderValidation } from '../../../src/report/render-validation.js'
import { smallProtocol, smallTrials } from './small-trials.js'

/** Without chains: every validation takes a fraction of a second. */
const strong = { protocol: smallProtocol(), table: smallTrials(), workers: 0 as const }

let made: ReturnType<typeof validate> | undefined
/** Of `strong`, computed once. */
const strongResult = () => {
  made ??= validate(strong)
  return made
}

/** A second stage that fails whenever this trial is among those that it pools. */
const failingWith = (study: string): Catalog => failingWhen((studies) => studies.includes(study), `${study} cannot be pooled`)

function failingWhen(fails: (studies: readonly string[]) => boolean, problem: string): Catalog {
  return {
    ...catalog,
    async poolingMethod(name) {
      const method = await catalog.poolingMethod(name)
      if (method.takes !== 'effects') return method
      const failing: EffectPoolingMethod = {
        ...method,
        prepare(trials, options, stream) {
          if (fails(trials.map(({ design }) => design.study))) throw new RunError({ problem, remedy: 'None.' })
          return method.prepare?.(trials, options, stream)
        },
      }
      return failing
    },
  }
}

describe('validate', () => {
  it('finds modification that is there: every candidate beats the constant effect, and the choice holds without each trial', async () => {
    const { candidates, recommendation, nested, trials } = await strongResult()
    expect(candidates.map(({ name }) => name)).toEqual([
      'constant effect',
      'linear × multivariate (structure diagonal)',
      'averaged',
    ])
    expect(trials.map(({ study }) => study)).toEqual(['T1', 'T2', 'T3', 'T4', 'T5', 'T6'])
    expect(recommendation.kind).toBe('clear')
    expect(recommendation.text).toContain(`Use "${candidates[recommendation.candidate].name}"`)
    // The effect varies with standard deviation 1, of which the prediction errs by little.
    const { gain, calibrationSlope, autoc } = candidates[1].pooled
    expect(gain.lower).toBeGreaterThan(0)
    expect(gain.upper).toBeGreaterThan(0.7)
    expect(calibrationSlope.lower).toBeLessThan(1)
    expect(calibrationSlope.upper).toBeGreaterThan(1)
    expect(autoc.lower).toBeGreaterThan(0)
    expect(nested?.gain.lower).toBeGreaterThan(0)
    expect(nested?.chosen.every((place) => place > 0)).toBe(true)
    expect(candidates[0].pooled.gain).toMatchObject({ estimate: 0, lower: 0, upper: 0 })
  })

  it('does not recommend individual effects where there are none', async () => {
    const { recommendation } = await validate({ ...strong, table: smallTrials({ slope: 0 }) })
    expect(recommendation.kind).toBe('constant')
    expect(recommendation.text).toMatch(/No method beats a constant effect/)
  })

  it('says the same of outcomes turned round with their direction of benefit', async () => {
    const turned = await validate({ ...strong, protocol: smallProtocol(undefined, 'lower'), table: smallTrials({ sign: -1 }) })
    const { candidates } = await strongResult()
    // The weights of both are the same, and draws differ.
    expect(turned.candidates[1].pooled.gain.estimate).toBeCloseTo(candidates[1].pooled.gain.estimate, 1)
    expect(turned.candidates[1].pooled.overNone.estimate).toBeCloseTo(candidates[1].pooled.overNone.estimate, 1)
    // Places in predictive distributions of 200 draws, over 6 trials: an error of 0.5 / sqrt(6 x 200 / 2), 5 times.
    const meanPlace = (one: typeof turned) => one.candidates[1].trials.reduce((sum, trial) => sum + trial!.place / 6, 0)
    expect(Math.abs(meanPlace(turned) - meanPlace(await strongResult()))).toBeLessThan(0.1)
  })

  it('gives the same numbers again', async () => {
    const [first, second] = [await strongResult(), await validate(strong)]
    const withoutTime = ({ provenance: _, ...rest }: typeof first) => rest
    expect(withoutTime(second)).toEqual(withoutTime(first))
  })

  it('fits each trial once by each first stage, and tells how far it is', async () => {
    const events: ValidationEvent[] = []
    await validate({ ...strong, onValidation: (event) => events.push(event) })
    // 6 folds, and 15 pairs of trials left out together, of 2 candidates that share their first stage.
    expect(events[0]).toEqual({ event: 'begin', fitCount: 6, poolingCount: 2 * (6 + 15) })
    expect(events.filter(({ event }) => event === 'fitted')).toHaveLength(6)
    expect(events.at(-1)).toMatchObject({ event: 'pooled', done: 42 })
  })

  it('goes on when a candidate fails in some folds, and says where and why', async () => {
    const { candidates, recommendation, warnings } = await validate({ ...strong, catalog: failingWith('T2') })
    expect(candidates[2].failures).toEqual(
      ['T1', 'T3', 'T4', 'T5', 'T6'].map((study) => ({ study, reason: 'T2 cannot be pooled' })),
    )
    expect(candidates[2].trials[1]).toBeDefined()
    expect(candidates[2].shareBest).toBe(0)
    expect(candidates[1].failures).toEqual([])
    expect(recommendation.candidate).toBe(1)
    expect(warnings[0].message).toMatch(/"averaged" failed in 5 of 6 trials and cannot be recommended: T2 cannot be pooled/)
  })

  it('never rests a nested choice on a candidate that fails in the fold it is chosen for', async () => {
    const { candidates, nested } = await validate({ ...strong, catalog: failingWhen(({ length }) => length === 5, 'five') })
    expect(candidates[2].failures).toEqual([{ reason: 'five' }])
    expect(nested?.chosen).toEqual([1, 1, 1, 1, 1, 1])
  })

  it('draws no calibration curve of a constant effect, which differs between trials only because they are left out', async () => {
    const { candidates } = await strongResult()
    expect(candidates.map(({ curve }) => curve.points.length > 0)).toEqual([false, true, true])
  })

  it('refuses two trials with the reason, and is wary of three', async () => {
    const attempt = validate({ ...strong, table: smallTrials({ trialCount: 2 }) })
    await expect(attempt).rejects.toThrow(DataError)
    await expect(attempt).rejects.toThrow(/one trial says nothing about how much trials differ/)
    const { nested, warnings } = await validate({ ...strong, table: smallTrials({ trialCount: 3 }) })
    expect(nested).toBeUndefined()
    expect(warnings.map(({ message }) => message).join()).toMatch(/With 3 trials.*not repeated without each trial/)
  })

  it('refuses stages that do not go together before anything runs, and two candidates of one name', async () => {
    const events: ValidationEvent[] = []
    const invalid = smallProtocol(['{ firstStage: { model: gaussian-process }, secondStage: { method: hierarchical } }'])
    const onValidation = (event: ValidationEvent) => events.push(event)
    await expect(validate({ ...strong, protocol: invalid, onValidation })).rejects.toThrow(ProtocolError)
    expect(events).toEqual([])
    const twice = ['multivariate', 'weighted-average'].map((method) => `{ name: one, secondStage: { method: ${method} } }`)
    await expect(validate({ ...strong, protocol: smallProtocol(twice) })).rejects.toThrow(/two candidates .* are called "one"/)
  })

  it('stops when it is told to', async () => {
    const controller = new AbortController()
    const stop = new Error('stopped')
    const onValidation = ({ event }: ValidationEvent) => event === 'pooled' && controller.abort(stop)
    await expect(validate({ ...strong, signal: controller.signal, onValidation })).rejects.toBe(stop)
  })

  it('is a page with the recommendation first, a table for every figure, and no script', async () => {
    const validation = await validate({ ...strong, catalog: failingWith('T2') })
    const page = renderValidation(validation)
    expect(page.indexOf('Recommendation')).toBeLessThan(page.indexOf('How right the predictions are'))
    expect(page.match(/<figure>/g)?.length).toBe(page.match(/The numbers of this figure/g)?.length)
    expect(page).toContain('T2 cannot be pooled')
    expect(page).not.toMatch(/<script|NaN|undefined/)
  })
})
