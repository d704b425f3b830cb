import type { Dimension, Variable } from './draws.js'

/**
 * Names and labels that CmdStan CSV has no place for, as comments that other readers skip: one line
 * `#   poolite variable <Stan name> <name> <dimension>:<label>,<label> ...` for each variable with dimensions or another name, every part
 * percent-encoded, so that no label can be taken for a setting.
 */
export function labelComments(
  variables: readonly { readonly stanName: string; readonly variable: Omit<Variable, 'values'> }[],
): string[] {
  return variables
    .filter(({ stanName, variable }) => variable.dimensions.length > 0 || stanName !== variable.name)
    .map(({ stanName, variable }) => {
      const dimensions = variable.dimensions.map(({ name, labels }) => `${encode(name)}:${labels.map(encode).join(',')}`)
      return `${prefix}${[stanName, encode(variable.name), ...dimensions].join(' ')}`
    })
}

const prefix = '#   poolite variable '

/** The names and dimensions that `labelComments` wrote, by Stan name. Lines that are not of its form are skipped. */
export function readLabelComments(comments: readonly string[]): ReadonlyMap<string, Omit<Variable, 'values'>> {
  const entries = comments
    .filter((line) => line.startsWith(prefix))
    .map((line) => line.slice(prefix.length).split(' '))
    .flatMap(([stanName, name, ...dimensions]): [string, Omit<Variable, 'values'>][] => {
      try {
        return [[stanName, { name: decodeURIComponent(name), dimensions: dimensions.map(decodeDimension) }]]
      } catch {
        return []
      }
    })
  return new Map(entries)
}

function decodeDimension(text: string): Dimension {
  const [name, labels = ''] = text.split(':')
  return { name: decodeURIComponent(name), labels: labels.split(',').map(decodeURIComponent) }
}

function encode(text: string): string {
  return encodeURIComponent(text)
}
