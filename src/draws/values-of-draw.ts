import { type Draws, elementCount } from './draws.js'

/** Values of all variables in one draw, counted over all chains; views. */
export function valuesOfDraw(draws: Draws, draw: number): Record<string, Float64Array> {
  return Object.fromEntries(
    draws.variables.map((found) => {
      const size = elementCount(found)
      return [found.name, found.values.subarray(draw * size, (draw + 1) * size)]
    }),
  )
}
