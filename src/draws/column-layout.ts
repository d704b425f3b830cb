import { group } from 'd3-array'
import { type Dimension, scalarNames } from './draws.js'

/** A variable as the columns of a table hold it. */
export interface ColumnLayout {
  readonly name: string
  readonly dimensions: readonly Dimension[]
  /** Column of every element, last dimension fastest. `[...dimensions]` */
  readonly columns: readonly string[]
}

/**
 * Variables from column names such as `sigma`, `gamma[age]` and `Omega[a,b]`, in order of appearance. Indices separated by commas are
 * dimensions when every combination of their labels has a column, in whatever order; otherwise the variable has one dimension and the
 * whole text between the brackets is the label.
 */
export function columnLayout(names: readonly string[]): ColumnLayout[] {
  const parsed = names.map((column) => {
    const [, name, index] = /^([^[]+)\[(.*)\]$/s.exec(column) ?? [undefined, column, undefined]
    return { column, name, index }
  })
  return [...group(parsed, ({ name, index }) => JSON.stringify([name, index === undefined]))].map(([, columns]) => {
    const { name, index } = columns[0]
    return index === undefined
      ? { name, dimensions: [], columns: [name] }
      : indexed(
          name,
          columns.map((column) => column.index ?? ''),
        )
  })
}

function indexed(name: string, indices: readonly string[]): ColumnLayout {
  const grid = fullGrid(indices.map((index) => index.split(',')))
  const dimensions = (grid ?? [indices]).map((labels, position) => ({ name: `dimension ${position + 1}`, labels }))
  return { name, dimensions, columns: scalarNames({ name, dimensions }) }
}

/** Labels of each dimension in order of appearance, when the parts are exactly all their combinations. */
function fullGrid(parts: readonly (readonly string[])[]): string[][] | undefined {
  const dimensionCount = parts[0].length
  if (parts.some((part) => part.length !== dimensionCount || part.includes(''))) return undefined
  const labels = Array.from({ length: dimensionCount }, (_, position) => [...new Set(parts.map((part) => part[position]))])
  const combinationCount = labels.reduce((product, { length }) => product * length, 1)
  return combinationCount === parts.length ? labels : undefined
}
