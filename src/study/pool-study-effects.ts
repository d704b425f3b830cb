/**
 * Pools the effects of people by one second stage. The point is the sum of the trials' means with the weights that the method gives. What depends on the trials' data alone, such as
 * auxiliary weights, is found once for all first stages.
 */

import type { EffectPoolingMethod, TrialEffects } from '../contract/pooling-method.js'
import { variable } from '../draws/variable.js'
import type { AuxiliaryModel } from '../effects/auxiliary-model.js'
import type { CombinationOptions } from '../effects/combination-options.js'
import { type StackingParameters, stackedWeights } from '../effects/stacking.js'
import { chainStream } from '../fitting/chain-task.js'
import { type EffectMoments, effectMoments } from './effect-moments.js'
import type { PooledPeople, PoolingRequest } from './pool-study.js'
import { pointWeights } from './study-weights.js'

interface Preparation {
  readonly auxiliary?: AuxiliaryModel
  readonly stacking?: StackingParameters
}
type Method = EffectPoolingMethod<CombinationOptions, Preparation>

const INTERVAL_DRAWS = { chainCount: 1, drawCount: 1000, withoutTrials: true }

export function poolStudyEffects(request: PoolingRequest, method: Method, options: CombinationOptions): PooledPeople {
  const isStacking = options.weights === 'stacking'
  return {
    point: isStacking ? stackedPoint(request, method, options) : weightedPoint(request, method, options),
    intervals(chosen) {
      const preparation = prepared(request, method, options)
      const usesDraws = method.mixesPosteriors === true || isStacking
      const settings = { ...INTERVAL_DRAWS, people: chosen.map(String), streamFor: () => streamOf(request, 'pooling') }
      const { draws } = method.pool(trialEffects(request, options, chosen, usesDraws), options, settings, preparation)
      return { average: variable(draws, 'mu').values, newSetting: variable(draws, 'theta_new').values }
    },
    gradientCount: 0,
    isDoubtful: false,
  }
}

const streamOf = ({ settings: { seed }, sharedPurpose }: PoolingRequest, what: string) =>
  chainStream({ seed, purpose: sharedPurpose, study: '' }, what, 0)

/** Keeps what has a name for the other methods on the same trials and people. */
function once<Value>({ shared, sharedPurpose }: PoolingRequest, name: string | undefined, work: () => Value): Value {
  if (name === undefined) return work()
  const key = `${sharedPurpose} ${name}`
  if (!shared.has(key)) shared.set(key, work())
  return shared.get(key) as Value
}

function prepared(request: PoolingRequest, method: Method, options: CombinationOptions): Preparation {
  const { weights, heterogeneity, heterogeneityScale } = options
  const ofData = heterogeneity === 'auxiliary' ? `tau ${heterogeneityScale}` : `preparation ${weights}`
  return once(request, weights === 'stacking' ? undefined : ofData, () => {
    const trials = request.trials.map(({ fitted }) => ({ design: fitted.design, predictor: fitted.predictor }))
    return method.prepare?.(trials, options, streamOf(request, 'preparation')) ?? {}
  })
}

function weightedPoint(request: PoolingRequest, method: Method, options: CombinationOptions): Float64Array {
  const { weights, heterogeneityScale } = options
  const isGiven = weights === 'size' || weights === 'equal'
  const heterogeneity = isGiven ? 'none' : options.heterogeneity
  const isOfData = isGiven || weights === 'auxiliary'
  const name = isOfData ? `weights ${weights} ${heterogeneity} ${heterogeneityScale}` : undefined
  const found = once(request, name, () => {
    const { auxiliary } = isGiven ? {} : prepared(request, method, options)
    return pointWeights(request.trials, { weights, heterogeneity }, auxiliary, request.people.count)
  })
  return weightedMeans(found, request)
}

/**
 * Stacking weights are those of the difference from the reference patient, whose own effect has the weights that a person like them has by the auxiliary model:
 * sum_j w_j(x) {m_j(x) - m_j(0)} + sum_j a_j m_j(0).
 */
function stackedPoint(request: PoolingRequest, method: Method, options: CombinationOptions): Float64Array {
  const { trials, people } = request
  const { auxiliary, stacking } = prepared(request, method, options)
  const size = people.modifiers.length / people.count
  const stacked = new Float64Array(people.count * trials.length)
  for (let person = 0; person < people.count; person++) {
    const features = people.modifiers.subarray(person * size, (person + 1) * size)
    stacked.set(stackedWeights(stacking!, features), person * trials.length)
  }
  const references = trials.map((trial) => ({ ...trial, modifiers: new Float64Array(trial.fitted.design.columns.length) }))
  const own = pointWeights(references, { ...options, weights: 'auxiliary' }, auxiliary, 1)
  return weightedMeans(stacked, request).map((effect, person) => {
    let sum = effect
    trials.forEach(({ referenceMoments }, trial) => {
      sum += (own[trial] - stacked[person * trials.length + trial]) * referenceMoments.means[0]
    })
    return sum
  })
}

function weightedMeans(weights: Float64Array, { trials, people }: PoolingRequest): Float64Array {
  const out = new Float64Array(people.count)
  trials.forEach(({ moments }, trial) => {
    for (let person = 0; person < out.length; person++)
      out[person] += weights[person * trials.length + trial] * moments.means[person]
  })
  return out
}

/** Normal posteriors depend on draws through means and variances: two draws with these stand for all. */
function trialEffects(
  request: PoolingRequest,
  { weights, components }: CombinationOptions,
  chosen: readonly number[],
  usesDraws: boolean,
): TrialEffects[] {
  return request.trials.map(({ fitted, moments, refitMoments, modifiers: all }) => {
    const modifiers = rowsOf(all, request.people.count, chosen)
    const drawsOf = (people: Float64Array, count: number) => fitted.predictor.predict(people, count, streamOf(request, 'effects'))
    const reference = new Float64Array(fitted.design.columns.length)
    const normal = () =>
      fitted.point
        ? twoDraws(effectMoments(fitted.predictor, modifiers, chosen.length, false, streamOf(request, 'effects')), [
            ...chosen.keys(),
          ])
        : twoDraws(moments, chosen)
    return {
      study: fitted.design.study,
      patientCount: fitted.design.outcome.length,
      draws: usesDraws ? drawsOf(modifiers, chosen.length) : normal(),
      modifiers,
      ...(components === 'separate' && { reference: { draws: drawsOf(reference, 1), modifiers: reference } }),
      ...(weights === 'bootstrap' && refitMoments && { refits: twoDraws(refitMoments, chosen) }),
    }
  })
}

/** Two draws of each person with these means and variances, `[draw, person]`. */
function twoDraws({ means, variances }: EffectMoments, chosen: readonly number[]): Float64Array {
  const width = chosen.length
  const out = new Float64Array(2 * width)
  chosen.forEach((person, column) => {
    const deviation = Math.sqrt(variances[person] / 2)
    out[column] = means[person] - deviation
    out[width + column] = means[person] + deviation
  })
  return out
}

function rowsOf(values: Float64Array, count: number, chosen: readonly number[]): Float64Array {
  const width = values.length / count
  const out = new Float64Array(chosen.length * width)
  chosen.forEach((row, at) => {
    out.set(values.subarray(row * width, (row + 1) * width), at * width)
  })
  return out
}
