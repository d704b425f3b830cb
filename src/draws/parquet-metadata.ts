import type { Variable } from './draws.js'

/** Key of the metadata of a Parquet file under which poolite keeps what columns cannot hold. */
export const parquetKey = 'poolite'

type Shape = Pick<Variable, 'name' | 'dimensions'>

/** The variables that the metadata describe; undefined when they are not ours or broken. */
export function describedVariables(text: string | undefined): readonly Shape[] | undefined {
  if (text === undefined) return undefined
  try {
    const { format, variables } = JSON.parse(text)
    return format === 'poolite-draws-1' && Array.isArray(variables) && variables.every(isShape) ? variables : undefined
  } catch {
    return undefined
  }
}

function isShape(value: Partial<Shape> | undefined): boolean {
  return (
    typeof value?.name === 'string' &&
    Array.isArray(value.dimensions) &&
    value.dimensions.every(
      ({ name, labels }) =>
        typeof name === 'string' && Array.isArray(labels) && labels.every((label) => typeof label === 'string'),
    )
  )
}
