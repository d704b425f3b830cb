/**
 * What the scores say in words. Recommended is the candidate with the largest pooled gain over the constant effect, shrunk towards none as its error commands; how
 * firmly depends on its interval and on what the nested choice gained.
 */

import { type Gain, poolGains } from './pool-gains.js'
import type { PooledScore } from './pool-scores.js'
import { bestCandidate } from './rank-candidates.js'
import type { NestedChoice, Recommendation } from './validation.js'

export interface RankedCandidate {
  readonly name: string
  readonly isConstant: boolean
  /** `[trial]`; undefined for a candidate that failed in some trial. */
  readonly gains: readonly Gain[] | undefined
  /** Its gain over another candidate, from patients of each trial; undefined when either failed. */
  readonly gainOver: (other: number) => readonly Gain[] | undefined
  readonly shareBest: number
}

export interface RecommendationContext {
  readonly nested?: NestedChoice
  /** Of squared outcome units, such as `mmHg²`. */
  readonly unit: string
  readonly trialCount: number
}

/** Fewer trials, reweighted, hardly differ from what they are. */
const LEAST_TO_REWEIGHT = 5

/** @throws RangeError when there is no candidate without failure; the constant effect is always one. */
export function recommend(candidates: readonly RankedCandidate[], context: RecommendationContext): Recommendation {
  const best = bestCandidate(candidates.map(({ gains }) => gains))
  if (best < 0) throw new RangeError('no candidate has gains in all trials')
  const gain = poolGains(candidates[best].gains!)
  const kind = candidates[best].isConstant ? 'constant' : gain.lower > 0 ? 'clear' : 'uncertain'
  const notTold = candidates.flatMap((_, other) =>
    other !== best && isWithinError(candidates[best].gainOver(other)) ? [other] : [],
  )
  const names = (places: readonly number[]) => places.map((place) => `"${candidates[place].name}"`).join(', ')
  const sentences = [
    verdict(kind, candidates[best].name, gain, context),
    kind === 'uncertain' ? surerText(candidates) : '',
    kind !== 'constant' && context.trialCount >= LEAST_TO_REWEIGHT ? shareText(candidates[best].shareBest) : '',
    notTold.length > 0
      ? `The data do not tell it apart from ${names(notTold)}: the 95% interval of the difference includes 0.`
      : candidates.length > 1
        ? 'Its difference from every other candidate has a 95% interval that excludes 0.'
        : '',
    nestedText(kind, context),
  ]
  return { candidate: best, kind, notTold, text: sentences.filter((sentence) => sentence !== '').join(' ') }
}

function isWithinError(gains: readonly Gain[] | undefined): boolean {
  if (!gains) return false
  const { lower, upper } = poolGains(gains)
  return !(lower > 0 || upper < 0)
}

function verdict(
  kind: Recommendation['kind'],
  name: string,
  gain: PooledScore,
  { unit, trialCount }: RecommendationContext,
): string {
  const size = `${text(gain.estimate)} ${unit} (95% interval ${text(gain.lower)} to ${text(gain.upper)})`
  if (kind === 'constant')
    return `No method beats a constant effect: over ${trialCount} held-out trials none predicted individual effects better than one average effect for everybody by more than the standard error of its gain.`
  const sense = `its mean squared error of the individualised effect is smaller than that of one average effect for everybody by ${size} in trials that it had not seen`
  return kind === 'clear'
    ? `Use "${name}": ${sense}.`
    : `"${name}" predicted best, but does not clearly beat a constant effect: ${sense}, and that interval includes 0. Report the average effect beside any individualised one.`
}

/** Others may gain less and more surely. */
function surerText(candidates: readonly RankedCandidate[]): string {
  const surer = candidates.filter(({ isConstant, gains }) => !isConstant && gains && poolGains(gains).lower > 0)
  if (surer.length === 0) return 'No method clearly beats a constant effect.'
  return `A smaller gain, with an interval above 0, has ${surer.map(({ name }) => `"${name}"`).join(', ')}.`
}

function shareText(share: number): string {
  return `It would have been best in ${share > 0.99 ? 'more than 99' : Math.round(100 * share)}% of random reweightings of the trials.`
}

function nestedText(kind: Recommendation['kind'], { nested, unit }: RecommendationContext): string {
  if (!nested) return ''
  const { estimate, lower, upper } = nested.gain
  const size = `${text(estimate)} ${unit} (95% interval ${text(lower)} to ${text(upper)})`
  const honest = `Choosing in this way without the trial that is then predicted gained ${size}; this figure is not made optimistic by the choice.`
  return estimate <= 0 && kind !== 'constant' ? `${honest} So the choice itself did not pay: be careful with it.` : honest
}

/** Three significant digits, with a true minus. */
function text(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(3))).replace('-', '−') : 'unknown'
}
