/**
 * Which covariates drive the effect of treatment: for every posterior draw of the effect as a function of the modifiers, tau(x), over patients i with partners p(i),
 *
 *     V = mean_i {tau(x_i) - tau(x_p(i))}^2 / 2
 *     total share of k  = mean_i {tau(x_i) - tau(x_i with k of p(i))}^2 / (2 V)
 *     share of k alone  = 1 - mean_i {tau(x_p(i)) - tau(x_i with k of p(i))}^2 / (2 V)
 *
 * estimators of Sobol's indices (Jansen 1999, 10.1016/S0010-4655(98)00154-4; Saltelli et al. 2010, 10.1016/j.cpc.2009.09.018): the share of the variance over people that would be left
 * if all covariates but k were known (total), and that would go if k alone were known. They take covariates as independent: where two go together, exchanging one alone makes people who do not exist, and
 * the shares say what the model makes of them. The partial dependence of k is the mean of tau over patients who all have the same value of k (Friedman 2001,
 * 10.1214/aos/1013203451), in this setting of a trial or an average; it is no statement about what changing k would do.
 */
import type { Stream } from '../contract/stream.js'
import type { DesignColumn } from '../contract/trial.js'
import { UsageError } from '../errors/usage-error.js'
import { drawPermutation } from '../random/permutation.js'
import { type ModifierGroup, modifierGroups } from './modifier-groups.js'

export interface DrawSummary {
  readonly mean: number
  /** 2.5% and 97.5% quantiles over draws. */
  readonly lower: number
  readonly upper: number
}

export interface DependencePoint extends DrawSummary {
  /** In units of the covariate, or the level of a categorical one. */
  readonly value: number | string
}

export interface CovariateExplanation {
  readonly covariate: string
  readonly unit?: string
  readonly totalShare: DrawSummary
  readonly aloneShare: DrawSummary
  /** Mean effect of the patients if all had this value. */
  readonly dependence: readonly DependencePoint[]
}

export interface EffectExplanation {
  /** Standard deviation of the effect over people, square root of V. */
  readonly spread: DrawSummary
  /** From the largest mean of the total share to the smallest. */
  readonly covariates: readonly CovariateExplanation[]
  readonly patientCount: number
  readonly drawCount: number
}

export interface ExplanationRequest {
  /**
   * Draws of the effects of people, jointly, in the same posterior draws at every call: `[draw, person]`, on the scale that is to be reported. An `EffectPredictor` does this when every call gets a stream
   * of the same seed.
   * @param people `[person, modifier]`
   */
  readonly predict: (people: Float64Array, count: number) => Float64Array
  /** Of the trials' design; those that are modifiers count, in order. */
  readonly columns: readonly DesignColumn[]
  /** Scaled modifiers of the patients, `[patient, modifier]`. */
  readonly patients: Float64Array
  /** For the choice of patients and their partners. */
  readonly stream: Stream
  /** Patients that are looked at, chosen at random: 100 when left out, fewer when more than `mostPeople` would be drawn in one call. */
  readonly patientCount?: number
  /** People drawn in one call, at most: 1000 when left out, which some models cannot draw jointly in larger numbers. */
  readonly mostPeople?: number
  /** Values of a continuous covariate; 11 when left out. */
  readonly gridSize?: number
}

const MOST_PEOPLE = 1000

/** @throws UsageError when there are no modifiers, fewer than 10 patients, or numbers that do not fit together. */
export function explainEffects(request: ExplanationRequest): EffectExplanation {
  const groups = modifierGroups(request.columns, request.patients, request.gridSize ?? 11)
  const width = request.columns.filter(({ isModifier }) => isModifier).length
  const rows = chosenPatients(request, groups.length, width)
  const count = rows.length / width
  const { spread, shares, drawCount } = varianceShares(request, rows, width, groups)
  const covariates = groups.map((group, index): CovariateExplanation => {
    const { covariate, unit } = group
    return {
      covariate,
      ...(unit !== undefined && { unit }),
      ...shares[index],
      dependence: dependence(request, rows, width, group),
    }
  })
  covariates.sort((a, b) => b.totalShare.mean - a.totalShare.mean)
  return { spread, covariates, patientCount: count, drawCount }
}

function chosenPatients(
  { patients, stream, patientCount = 100, mostPeople = MOST_PEOPLE }: ExplanationRequest,
  groupCount: number,
  width: number,
): Float64Array {
  const available = patients.length / width
  if (groupCount === 0 || !Number.isInteger(available) || available < LEAST_PATIENTS)
    throw new UsageError({
      problem: groupCount === 0 ? 'there are no effect modifiers' : `the effects of ${available} patients are to be explained`,
      reason: `an explanation compares people who differ in modifiers, and takes at least ${LEAST_PATIENTS} patients`,
      remedy: 'Give the scaled modifiers of the patients of a trial, row by row, with the columns of its design.',
    })
  const count = Math.min(available, patientCount, Math.floor(mostPeople / (groupCount + 1)))
  const order = drawPermutation(stream, available)
  const rows = new Float64Array(count * width)
  for (let row = 0; row < count; row++) rows.set(patients.subarray(order[row] * width, (order[row] + 1) * width), row * width)
  return rows
}

const LEAST_PATIENTS = 10

/** The partner of the patient in row i is the next one: rows are in random order. */
function varianceShares({ predict }: ExplanationRequest, rows: Float64Array, width: number, groups: readonly ModifierGroup[]) {
  const count = rows.length / width
  const people = new Float64Array(rows.length * (groups.length + 1))
  people.set(rows)
  groups.forEach(({ indices }, group) => {
    const start = (group + 1) * rows.length
    people.set(rows, start)
    for (let row = 0; row < count; row++)
      for (const index of indices) people[start + row * width + index] = rows[((row + 1) % count) * width + index]
  })
  const total = count * (groups.length + 1)
  const draws = predict(people, total)
  const drawCount = draws.length / total
  const spreads = new Float64Array(drawCount)
  const totals = groups.map(() => new Float64Array(drawCount))
  const alone = groups.map(() => new Float64Array(drawCount))
  for (let draw = 0; draw < drawCount; draw++) {
    const at = (block: number, row: number) => draws[draw * total + block * count + (row % count)]
    const meanSquare = (difference: (row: number) => number) => {
      let sum = 0
      for (let row = 0; row < count; row++) sum += difference(row) ** 2
      return sum / count
    }
    const twice = meanSquare((row) => at(0, row) - at(0, row + 1))
    spreads[draw] = Math.sqrt(twice / 2)
    groups.forEach((_, group) => {
      totals[group][draw] = meanSquare((row) => at(0, row) - at(group + 1, row)) / twice
      alone[group][draw] = 1 - meanSquare((row) => at(0, row + 1) - at(group + 1, row)) / twice
    })
  }
  const shares = groups.map((_, group) => ({ totalShare: summarise(totals[group]), aloneShare: summarise(alone[group]) }))
  return { spread: summarise(spreads), shares, drawCount }
}

function dependence(
  { predict }: ExplanationRequest,
  rows: Float64Array,
  width: number,
  { indices, grid }: ModifierGroup,
): DependencePoint[] {
  const count = rows.length / width
  return grid.map(({ value, scaled }) => {
    const people = rows.slice()
    for (let row = 0; row < count; row++)
      indices.forEach((index, position) => {
        people[row * width + index] = scaled[position]
      })
    const draws = predict(people, count)
    const means = Float64Array.from({ length: draws.length / count }, (_, draw) => {
      let sum = 0
      for (let person = 0; person < count; person++) sum += draws[draw * count + person]
      return sum / count
    })
    return { value, ...summarise(means) }
  })
}

/** A share of no variance at all, 0 / 0, is NaN: the effect is the same for everybody in that draw. Such draws are left out; without any left, all is NaN. */
function summarise(values: Float64Array): DrawSummary {
  const sorted = values.filter(Number.isFinite).sort()
  const at = (level: number) => {
    const place = level * (sorted.length - 1)
    const low = Math.floor(place)
    const high = Math.min(low + 1, sorted.length - 1)
    return sorted[low] + (place - low) * (sorted[high] - sorted[low])
  }
  if (sorted.length === 0) return { mean: Number.NaN, lower: Number.NaN, upper: Number.NaN }
  return { mean: sorted.reduce((sum, value) => sum + value, 0) / sorted.length, lower: at(0.025), upper: at(0.975) }
}
