import { type Draws, elementCount, scalarNames } from './draws.js'

/** One scalar quantity: its full name and one array of draws per chain. */
export interface Scalar {
  readonly name: string
  /** `[chain][draw]` */
  readonly chains: readonly Float64Array[]
}

/** Every scalar of the draws, in storage order. Copies. */
export function scalars(draws: Draws): Scalar[] {
  return draws.variables.flatMap((variable) => {
    const size = elementCount(variable)
    return scalarNames(variable).map((name, element) => ({
      name,
      chains: Array.from({ length: draws.chainCount }, (_, chain) => {
        const values = new Float64Array(draws.drawCount)
        const start = chain * draws.drawCount * size + element
        for (let draw = 0; draw < draws.drawCount; draw++) values[draw] = variable.values[start + draw * size]
        return values
      }),
    }))
  })
}
