import type { Person } from '../contract/analysis.js'
import type { EffectPredictor } from '../contract/first-stage-model.js'
import { type Draws, elementCount } from '../draws/draws.js'
import { variable } from '../draws/variable.js'
import { DataError } from '../errors/data-error.js'

/** Effects of the protocol's people as draws of one variable. @param values `[chain, draw, person]` */
export function profileDraws(
  profiles: readonly Person[],
  counts: Pick<Draws, 'chainCount' | 'drawCount'>,
  values: Float64Array,
): Draws {
  const { chainCount, drawCount } = counts
  const dimensions = [{ name: 'person', labels: profiles.map(({ id }) => id) }]
  return { chainCount, drawCount, variables: [{ name: 'effect', dimensions, values }] }
}

/**
 * Predicts for the people whose effects a site has sent, and for nobody else.
 * @param modifiers of those people, `[person, modifier]`
 * @throws DataError when asked for anybody else
 */
export function profilePredictor(draws: Draws, modifiers: Float64Array, study: string): EffectPredictor {
  const { values, dimensions } = variable(draws, 'effect')
  const size = elementCount({ dimensions })
  const width = modifiers.length / size
  const row = (all: Float64Array, person: number) => all.subarray(person * width, (person + 1) * width).join()
  const places = new Map(Array.from({ length: size }, (_, person) => [row(modifiers, person), person]))
  return {
    chainCount: draws.chainCount,
    drawCount: draws.drawCount,
    predict(people, count) {
      const wanted = Array.from({ length: count }, (_, person) => places.get(row(people, person)))
      if (wanted.includes(undefined))
        throw new DataError({
          problem: `the site of trial "${study}" has sent effects of the reference patient and the profiles of the protocol only`,
          reason: 'the parameters of its model have stayed at the site',
          remedy: 'Add the person to the profiles of the protocol and let the sites make their files again.',
        })
      const total = draws.chainCount * draws.drawCount
      return Float64Array.from({ length: total * count }, (_, at) => values[Math.floor(at / count) * size + wanted[at % count]!])
    },
  }
}
