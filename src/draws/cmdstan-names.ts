import type { Variable } from './draws.js'

type Shape = Pick<Variable, 'name' | 'dimensions'>

/** A variable as CmdStan CSV holds it. */
export interface StanVariable {
  /** An identifier of the Stan language, different from all others. */
  readonly name: string
  /** Column of each element: `gamma.1`, or `Omega.2.1`, counted from 1. In Stan's order, first index fastest. */
  readonly columns: readonly string[]
  /** Position in storage order (last index fastest) of the element in each column. */
  readonly elements: readonly number[]
}

/** The columns of the variables in Stan's dotted form. What Stan would not accept in a name becomes `_`. */
export function stanVariables(variables: readonly Shape[]): StanVariable[] {
  const taken = new Set<string>()
  return variables.map((variable) => {
    const name = identifier(variable.name, taken)
    const order = firstIndexFastest(variable.dimensions.map(({ labels }) => labels.length))
    return {
      name,
      columns: order.map(({ index }) => [name, ...index.map((value) => value + 1)].join('.')),
      elements: order.map(({ element }) => element),
    }
  })

  function identifier(text: string, used: Set<string>): string {
    const base = text
      .replace(/\W/g, '_')
      .replace(/^(?=[^A-Za-z])/, 'v')
      .replace(/__+$/, '_')
    let name = base
    for (let suffix = 2; used.has(name); suffix++) name = `${base}_${suffix}`
    used.add(name)
    return name
  }
}

function firstIndexFastest(lengths: readonly number[]): { index: number[]; element: number }[] {
  const count = lengths.reduce((product, length) => product * length, 1)
  return Array.from({ length: count }, (_, position) => {
    let rest = position
    const index = lengths.map((length) => {
      const value = rest % length
      rest = Math.floor(rest / length)
      return value
    })
    return { index, element: index.reduce((sum, value, axis) => sum * lengths[axis] + value, 0) }
  })
}

/** `beta.2.1` and `z.3.real` as `beta[2,1]` and `z[3,real]`; other names, such as `mu` and the members of tuples `t:1`, stay. */
export function bracketName(column: string): string {
  const [, name, indices] = /^(.+?)((?:\.(?:\d+|real|imag))+)$/.exec(column) ?? [undefined, column, '']
  return indices === '' ? name : `${name}[${indices.slice(1).replaceAll('.', ',')}]`
}
