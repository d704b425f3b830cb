import { type Draws, elementCount, scalarNames, type Variable } from './draws.js'

/** One scalar quantity: its full name and one array of draws per chain. */
export interface Scalar {
  readonly name: string
  /** `[chain][draw]` */
  readonly chains: readonly Float64Array[]
}

/** Every scalar of the draws, in storage order. Copies: of large draws, take one at a time with `eachScalar`. */
export function scalars(draws: Draws): Scalar[] {
  return [...eachScalar(draws)]
}

/** Of stored scalars, as many are read together. */
const READ_BYTES = 2 ** 25

/** The scalars of the draws, or those wanted, one after the other, in storage order. Copies. */
export function* eachScalar(draws: Draws, isWanted: (name: string) => boolean = () => true): Generator<Scalar> {
  const { chainCount, drawCount } = draws
  for (const variable of draws.variables) {
    const names = scalarNames(variable)
    const together = variable.stored ? Math.max(1, Math.floor(READ_BYTES / (8 * chainCount * drawCount))) : 1
    for (let first = 0; first < names.length; first += together) {
      const group = names.slice(first, first + together)
      if (!group.some(isWanted)) continue
      const found = variable.stored?.elements(first, group.length) ?? [elementChains(variable, first, draws)]
      for (const [index, name] of group.entries()) if (isWanted(name)) yield { name, chains: found[index] }
    }
  }
}

function elementChains(variable: Variable, element: number, { chainCount, drawCount }: Draws): Float64Array[] {
  const { values } = variable
  const size = elementCount(variable)
  return Array.from({ length: chainCount }, (_, chain) => {
    const start = chain * drawCount * size + element
    const chosen = new Float64Array(drawCount)
    for (let draw = 0; draw < drawCount; draw++) chosen[draw] = values[start + draw * size]
    return chosen
  })
}
