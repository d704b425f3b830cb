/**
 * What a model that integrates parameters out must keep. With others o, integrated parameters c and data y
 *
 *     log p(y | c, o) + log p(c | o) - log p(c | y, o) = log p(y | o)
 *
 * for every c. Draws of c are affine in normal noise z, c = m + J z, so that log p(c | y, o) = -|z|^2 / 2 - log |det J| up to a constant.
 */
import { LuDecomposition, Matrix } from 'ml-matrix'
import { expect, it } from 'vitest'
import type { Prior } from '../../src/contract/distribution.js'
import type { IntegratedParameters, Model } from '../../src/contract/model.js'
import { type Draws, elementCount } from '../../src/draws/draws.js'
import { variable } from '../../src/draws/variable.js'
import { condition } from '../../src/language/condition.js'
import { logDensities } from '../../src/language/log-densities.js'
import { fillNormal } from '../../src/random/fill-normal.js'
import { stream } from '../../src/random/stream.js'

type AnyModel = Model<unknown, Record<string, Prior>>

/** Log densities of some tens of terms of size up to 1000, and determinants of matrices of draws. */
const ROUNDING = 1e-8
const POSITIONS = 5

export function itIntegratesOut(model: AnyModel, data: unknown): void {
  const integrated = model.integratedOut?.(data)
  if (!integrated) return
  it('integrates parameters out of the full form, and draws them from their posterior given the others', () => {
    expect(spread(gaps(model, integrated, data))).toBeLessThan(ROUNDING)
  })
  it('negative controls: a standard deviation too many in the determinant, and draws that are too narrow, are noticed', () => {
    const { logLikelihood, draw } = integrated
    const wrong: IntegratedParameters<unknown>[] = [
      { ...integrated, logLikelihood: (others, given) => logLikelihood(others, given).add(others.sigma.log()) },
      { ...integrated, draw: (others, noise, given) => draw(others, noise.mul(others.sigma), given) },
    ]
    for (const each of wrong) expect(spread(gaps(model, each, data))).toBeGreaterThan(1e5 * ROUNDING)
  })
}

const spread = (values: readonly number[]) => Math.max(...values) - Math.min(...values)

/** Left side less right side, of two draws at each of some positions of the others. */
function gaps(model: AnyModel, integrated: IntegratedParameters<unknown>, data: unknown): number[] {
  const conditioned = condition({ ...model, integratedOut: () => integrated }, data, { strict: true })
  const { dimension } = conditioned.logDensity
  const source = stream(2, 'positions')
  return Array.from({ length: POSITIONS }, (_, at) => {
    const position = Float64Array.from({ length: dimension }, () => 2 * source.uniform() - 1)
    const drawn = (count: number) => {
      const positions = Float64Array.from({ length: count * dimension }, (__, index) => position[index % dimension])
      return conditioned.draws(positions, 1, () => stream(1, 'noise', at))
    }
    const size = joined(drawn(1), integrated.names).length
    const draws = drawn(size + 1)
    const noise = fillNormal(stream(1, 'noise', at), new Float64Array((size + 1) * size))
    const logDeterminant = logVolume(joined(draws, integrated.names), size) - logVolume(noise, size)
    const [marginal] = conditioned.pointwiseLogLikelihood(position).values
    const joint = jointLogDensities(model, data, draws, integrated.names)
    return [0, 1].map((draw) => {
      const squares = noise.subarray(draw * size, (draw + 1) * size).reduce((sum, z) => sum + z * z, 0)
      return joint[draw] + squares / 2 + logDeterminant - marginal
    })
  }).flat()
}

/** log p(y | c, o) + log p(c | o) of each draw. */
function jointLogDensities(model: AnyModel, data: unknown, draws: Draws, names: readonly string[]): Float64Array {
  const { integratedOut: _, ...full } = model
  const densities = logDensities(full, data, draws)
  const sums = new Float64Array(draws.drawCount)
  const add = (name: string, isWanted: (label: string) => boolean) => {
    const { values, dimensions } = variable(densities, name)
    const labels = dimensions[0].labels
    values.forEach((value, at) => {
      if (isWanted(labels[at % labels.length])) sums[Math.floor(at / labels.length)] += value
    })
  }
  add('log_likelihood', () => true)
  add('log_prior', (label) => names.includes(label))
  return sums
}

/** Integrated parameters one after another, `[draw, element]`. */
function joined(draws: Draws, names: readonly string[]): Float64Array {
  const parts = names.map((name) => variable(draws, name)).map((found) => ({ size: elementCount(found), values: found.values }))
  const rows = Array.from({ length: draws.drawCount }, (_, draw) =>
    parts.flatMap(({ size, values }) => [...values.subarray(draw * size, (draw + 1) * size)]),
  )
  return Float64Array.from(rows.flat())
}

/** Log volume spanned by the differences of `size + 1` points from the first. */
function logVolume(points: Float64Array, size: number): number {
  const differences = Array.from({ length: size }, (_, row) =>
    Array.from({ length: size }, (__, column) => points[(row + 1) * size + column] - points[column]),
  )
  return Math.log(Math.abs(new LuDecomposition(new Matrix(differences)).determinant))
}
