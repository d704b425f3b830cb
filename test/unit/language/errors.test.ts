import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import type { Prior } from '../../../src/contract/distribution.js'
import type { Model } from '../../../src/contract/model.js'
import { flat } from '../../../src/distributions/flat.js'
import { halfNormal } from '../../../src/distributions/half-normal.js'
import { normal, normalLogProbability } from '../../../src/distributions/normal.js'
import { ModelError } from '../../../src/errors/model-error.js'
import { UsageError } from '../../../src/errors/usage-error.js'
import { fit } from '../../../src/fitting/fit.js'
import { condition } from '../../../src/language/condition.js'
import { dimension, model } from '../../../src/language/model.js'
import { stream } from '../../../src/random/stream.js'

type Data = Readonly<Record<string, unknown>>
type Parts = Partial<Model<Data, Record<string, Prior>>>

function failureOf(parts: Parts, data: Data = { y: [1, 2, 3] }, strict = true): ModelError {
  const complete = model<Data, Record<string, Prior>>({
    name: 'made up',
    parameters: () => ({ mu: normal(0, 1), tau: halfNormal(1) }),
    logLikelihood: ({ mu, tau }, { y }) => normalLogProbability(y as tf.Tensor, mu, tau),
    ...parts,
  })
  try {
    condition(complete, data, { strict })
  } catch (error) {
    if (error instanceof ModelError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('a mistake in the parameters is named', () => {
  it('a prior that refers to a parameter declared later, or to none', () => {
    const later = failureOf({ parameters: () => ({ theta: normal(0, 'tau'), tau: halfNormal(1) }) })
    expect(later.message).toMatch(/prior of "theta" refers to "tau".*declared later.*Move "tau" above "theta"/)
    const none = failureOf({ parameters: () => ({ theta: normal(0, 'sigma'), tau: halfNormal(1) }) })
    expect(none.message).toMatch(/prior of "theta" refers to "sigma".*parameters are theta, tau.*Correct the name/)
  })
  it('a function of parameters that asks for one that does not exist yet', () => {
    const error = failureOf({ parameters: () => ({ theta: normal((earlier) => tf.exp(earlier.tau), 1), tau: halfNormal(1) }) })
    expect(error.message).toMatch(
      /^the prior of "theta" in model "made up" fails \(.*'exp'.*\)\. It asks for the parameter "tau", which does not exist here \(there are none\)\./,
    )
  })
  it('an argument with more elements than the parameter, centred or not', () => {
    for (const nonCentered of [false, true]) {
      const parameters = () => ({ tau: halfNormal(1, { shape: [3] }), mu: normal(0, 'tau', { nonCentered }) })
      expect(failureOf({ parameters }).message).toMatch(
        /prior of "mu" in model "made up" has arguments of shape \[3\] for a parameter of shape \[\].*shape \[3\]/,
      )
    }
  })
  it('an argument that does not broadcast', () => {
    expect(failureOf({ parameters: () => ({ mu: normal([0, 1], 1, { shape: [3] }), tau: halfNormal(1) }) }).message).toMatch(
      /prior of "mu" in model "made up" fails \(.*\[3\].*\[2\]/,
    )
  })
  it('no parameters, or one without a prior', () => {
    expect(failureOf({ parameters: () => ({}) }).message).toMatch(/model "made up" declares no parameters/)
    expect(failureOf({ parameters: () => ({ mu: 3 as unknown as Prior }) }).message).toMatch(
      /parameter "mu" of model "made up" has no prior/,
    )
  })
  it('a function of parameters that fails outright', () => {
    const parameters = () => {
      throw new TypeError('cannot count')
    }
    expect(failureOf({ parameters }).message).toMatch(/^parameters of model "made up" fails \(cannot count\)/)
  })
  it('a parameter with a flat prior that nothing depends on', () => {
    const parameters = () => ({ mu: normal(0, 1), tau: halfNormal(1), idle: flat() })
    expect(failureOf({ parameters }).message).toMatch(
      /log density of model "made up" does not depend on "idle" \(with a flat prior/,
    )
  })
})

describe('a mistake in the log likelihood is named', () => {
  it('shapes that do not fit, with the operation', () => {
    const error = failureOf({ logLikelihood: ({ mu }, { y }) => tf.add(tf.mul(mu, tf.ones([2])), y as tf.Tensor) })
    expect(error.message).toMatch(/^logLikelihood of model "made up" fails \(.*\[2\].*\[3\].*add/)
    expect(error.details.remedy).toBeTruthy()
  })
  it('a misspelt parameter or data entry', () => {
    const error = failureOf({ logLikelihood: ({ nu }, { y }) => tf.sub(y as tf.Tensor, nu) })
    expect(error.message).toMatch(
      /^logLikelihood of model "made up" fails \(.*'sub'.*\)\. It asks for the parameter "nu", which does not exist here \(there are mu, tau\)\./,
    )
    const misreading = failureOf({ logLikelihood: ({ mu }, { z }) => tf.sub(z as tf.Tensor, mu) })
    expect(misreading.message).toContain('It asks for the data entry "z", which does not exist here (there are y).')
  })
  it('no return value, a number, a promise', () => {
    const returning = (value: unknown) => failureOf({ logLikelihood: () => value as tf.Tensor }).message
    expect(returning(undefined)).toMatch(/logLikelihood of model "made up" returns nothing .*needs a `return`/)
    expect(returning(3)).toMatch(/returns a number/)
    expect(returning(Promise.resolve())).toMatch(/returns a promise/)
  })
  it('a sum that is not one number', () => {
    const logLikelihoodSum: Parts['logLikelihoodSum'] = ({ mu, tau }, { y }) => normalLogProbability(y as tf.Tensor, mu, tau)
    expect(failureOf({ logLikelihoodSum }).message).toMatch(
      /logLikelihoodSum of model "made up" has shape \[3\] instead of being one number/,
    )
  })
  it('an operation that cannot be compiled, when strict; otherwise the record names it', () => {
    const logLikelihood: Parts['logLikelihood'] = ({ mu, tau }, { y }) =>
      tf.mul(normalLogProbability(y as tf.Tensor, mu, tau), tf.cast(tf.argMax(y as tf.Tensor), 'float32'))
    expect(failureOf({ logLikelihood }).message).toMatch(/logLikelihood of model "made up" uses the tfjs operation "ArgMax"/)
    const parameters = () => ({ mu: normal(0, 1), tau: halfNormal(1) })
    const slow = condition(model({ name: 'slow', parameters, logLikelihood }), { y: [1, 2, 3] })
    expect(slow.engine).toMatchObject({ engine: 'eager', precision: 'float32' })
    expect(slow.engine.fallbackReason).toContain('"ArgMax"')
  })
})

describe('the line of the model is named', () => {
  const sourceOf = (parts: Parts) => failureOf(parts).details.source
  const here = /\/test\/unit\/language\/errors\.test\.ts:\d+:\d+$/
  it('for mistakes in priors, log likelihood, derived and generated quantities', () => {
    expect(sourceOf({ parameters: () => ({ mu: normal(({ nu }) => tf.exp(nu), 1), tau: halfNormal(1) }) })).toMatch(here)
    expect(sourceOf({ logLikelihood: ({ mu }, { y }) => tf.add(tf.mul(mu, tf.ones([2])), y as tf.Tensor) })).toMatch(here)
    expect(sourceOf({ derived: ({ nu }) => ({ nu: tf.square(nu) }) })).toMatch(here)
    expect(sourceOf({ generate: (_, { nu }) => ({ nu: { value: nu[0] } }) })).toMatch(here)
  })
  it('in the model, not where it is conditioned', () => {
    const parameters = () => ({ tau: halfNormal(1, { shape: [3] }), mu: normal(0, 'tau') })
    expect(failureOf({ parameters }).details.source).toBeUndefined()
  })
})

describe('a position without a finite log density is described', () => {
  const parameters = () => ({ mu: normal(0, 1), tau: halfNormal(1) })
  const describeAt = (logLikelihood: NonNullable<Parts['logLikelihood']>, priors: Parts['parameters'] = parameters) =>
    condition(model<Data, Record<string, Prior>>({ name: 'broken', parameters: priors, logLikelihood }), {
      y: [1, -2, 3],
    }).describe(Float64Array.of(0.5, 0))
  it('by the first observation whose log likelihood is not finite', () => {
    expect(describeAt(({ mu }, { y }) => tf.log(tf.mul(mu, y as tf.Tensor)))).toBe(
      'mu = 0.500; tau = 1.00; the log likelihood of observation 2 is NaN',
    )
  })
  it('by the parameter whose prior is not finite', () => {
    const improper = () => ({ mu: normal(0, 1), tau: halfNormal(({ mu }) => tf.sub(mu, 0.5)) })
    expect(describeAt(({ mu, tau }, { y }) => normalLogProbability(y as tf.Tensor, mu, tau), improper)).toMatch(
      /^mu = 0\.500; tau = 1\.00; the log prior of "tau" is (NaN|-?Infinity)$/,
    )
  })
  it('by its values alone when all is finite', () => {
    expect(describeAt(({ mu, tau }, { y }) => normalLogProbability(y as tf.Tensor, mu, tau))).toBe('mu = 0.500; tau = 1.00')
  })
  it('to whoever waits for a start', async () => {
    const hopeless = model({
      name: 'hopeless',
      parameters,
      logLikelihood: ({ mu, tau }) => tf.log(tf.sub(tf.neg(tf.abs(mu)), tau)),
    })
    await expect(fit(hopeless, {}, { seed: 1, chains: 1, warmup: 1, draws: 1 })).rejects.toThrow(
      /the log density was NaN at 100; the last one: mu = .*; tau = .*; the log likelihood of observation 1 is NaN/,
    )
  })
})

describe('a mistake in the data is named', () => {
  it('data that are not there', () => {
    for (const data of [undefined, null, 3])
      expect(() =>
        condition(
          model({ name: 'made up', parameters: () => ({ mu: normal(0, 1) }), logLikelihood: ({ mu }) => mu }),
          data as never,
        ),
      ).toThrow(/the data are (undefined|null|number) \(a model finds its data by name\)/)
  })

  const message = (y: unknown) => failureOf({}, { y }).message
  it('values that are missing or not finite, with their place', () => {
    expect(message([1, Number.NaN, 3])).toMatch(/data "y" holds at index 1 NaN/)
    expect(message(Float64Array.of(1, 2, Number.POSITIVE_INFINITY))).toMatch(/data "y" holds at index 2 Infinity/)
    expect(message([1, null, 3])).toMatch(/data "y" holds null/)
    expect(
      message([
        [1, 2],
        [3, undefined],
      ]),
    ).toMatch(/data "y" holds at index 3 undefined/)
    expect(message(Number.NaN)).toMatch(/data "y" holds NaN/)
  })
  it('rows of different lengths, and values that do not fill their shape', () => {
    expect(message([[1, 2], [3]])).toMatch(/rows of data "y" differ in length/)
    expect(message({ values: Float64Array.of(1, 2, 3), shape: [2, 2] })).toMatch(/data "y" holds 3 values for the shape \[2,2\]/)
  })
  it('values of another kind', () => {
    for (const value of [undefined, null, true, new Date(0), new Map()]) expect(message(value)).toMatch(/data "y" is of a kind/)
  })
})

describe('a mistake in derived and generated quantities shows before anything is sampled', () => {
  it('dimensions that do not fit', () => {
    const derived: Parts['derived'] = ({ mu }) => ({
      doubled: { value: tf.stack([mu, mu]), dimensions: [dimension('side', ['left'])] },
    })
    expect(failureOf({ derived }).message).toMatch(
      /quantity "doubled" in derived of model "made up" has shape \[2\] but its dimensions have \[1\] labels/,
    )
    const generate: Parts['generate'] = () => ({
      pair: { value: Float64Array.of(1, 2), dimensions: [dimension('side', ['left'])] },
    })
    expect(failureOf({ generate }).message).toMatch(
      /quantity "pair" in generate of model "made up" has shape \[2\] but its dimensions have \[1\]/,
    )
  })
  it('names that are taken', () => {
    expect(failureOf({ derived: ({ mu }) => ({ mu: tf.mul(mu, 2) }) }).message).toMatch(
      /derived of model "made up" has a quantity "mu".*Rename/,
    )
    const derived: Parts['derived'] = ({ mu }) => ({ twice: tf.mul(mu, 2) })
    expect(failureOf({ derived, generate: () => ({ twice: { value: 1 } }) }).message).toMatch(
      /generate of model "made up" has a quantity "twice"/,
    )
  })
  it('what is not a tensor', () => {
    expect(failureOf({ derived: () => ({ three: 3 as unknown as tf.Tensor }) }).message).toMatch(
      /quantity "three" in derived .* is not a tensor/,
    )
  })
  it('failures of their own', () => {
    const derived: Parts['derived'] = ({ nu }) => ({ nu: tf.square(nu) })
    expect(failureOf({ derived }).message).toMatch(/^derived of model "made up" fails/)
    const generate: Parts['generate'] = (_, { nu }) => ({ nu: { value: nu[0] } })
    expect(failureOf({ generate }).message).toMatch(/^generate of model "made up" fails \(Cannot read properties of undefined/)
  })
  it('a number of elements that changes from draw to draw', () => {
    let count = 0
    const generate: Parts['generate'] = () => ({ growing: { value: new Float64Array(++count) } })
    const growing = condition(
      model<Data, Record<string, Prior>>({
        name: 'growing',
        parameters: () => ({ mu: normal(0, 1) }),
        logLikelihood: ({ mu }) => mu,
        generate,
      }),
      {},
    )
    expect(() => growing.draws(new Float64Array(3), 1, () => stream(1, 'growing'))).toThrow(
      /"growing" in generate .* has 3 elements in one draw and 2 in another/,
    )
  })
  it('an operation that only eager tfjs has is on record', () => {
    const slow = condition(
      model({
        name: 'slow',
        parameters: () => ({ mu: normal(0, 1, { shape: [2] }) }),
        logLikelihood: ({ mu }) => mu,
        derived: ({ mu }) => ({ best: tf.cast(tf.argMax(mu), 'float32') }),
      }),
      {},
    )
    expect(slow.engine).toMatchObject({ engine: 'webassembly', precision: 'float64' })
    expect(slow.engine.fallbackReason).toMatch(/derived quantities.*float32.*"ArgMax"/)
  })
})

describe('dimension()', () => {
  it('refuses labels that occur twice or would make names ambiguous', () => {
    expect(() => dimension('side', ['left', 'left'])).toThrow(UsageError)
    expect(() => dimension('side', ['left', 'left'])).toThrow('"side" has the label "left" twice')
    for (const label of ['a,b', 'a[b', 'a]b']) expect(() => dimension('side', [label])).toThrow(/contains a bracket or a comma/)
  })
  it('takes numbers as labels', () => {
    expect(dimension('year', [2001, 2002])).toEqual({ name: 'year', labels: ['2001', '2002'] })
  })
})
