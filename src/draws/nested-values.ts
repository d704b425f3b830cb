import { DataError } from '../errors/data-error.js'

/**
 * Nested lists of numbers as one array with its shape, last index fastest; booleans count as 0 and 1.
 * @throws DataError when lists of one level differ in length, or something is neither a list nor a number.
 */
export function nestedValues(
  list: unknown,
  place: { readonly file: string; readonly column: string },
): { values: Float64Array; shape: number[] } {
  const shape: number[] = []
  for (let level = list; Array.isArray(level); level = level[0]) shape.push(level.length)
  const values = new Float64Array(shape.reduce((product, length) => product * length, 1))
  let next = 0
  fill(list, 0, '')
  return { values, shape }

  function fill(item: unknown, depth: number, path: string): void {
    if (depth === shape.length) {
      if (typeof item !== 'number' && typeof item !== 'boolean')
        throw refused(path, `${Array.isArray(item) ? 'a list' : JSON.stringify(item)} where other draws have a number`)
      values[next++] = Number(item)
      return
    }
    if (!Array.isArray(item) || item.length !== shape[depth])
      throw refused(
        path,
        Array.isArray(item)
          ? `${item.length} entries where the first list has ${shape[depth]}`
          : 'no list where other draws have one',
      )
    item.forEach((entry, index) => {
      fill(entry, depth + 1, `${path}[${index}]`)
    })
  }

  function refused(path: string, problem: string): DataError {
    return new DataError({
      ...place,
      problem: `at ${path || 'the top'}, counted from 0: ${problem}`,
      reason: 'chains have equal length, and missing draws are not allowed',
      remedy: 'Write NaN for draws that are not defined and cut the chains to the same length.',
    })
  }
}
