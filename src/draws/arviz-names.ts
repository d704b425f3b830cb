import type { Dimension, Variable } from './draws.js'

/** ArviZ's names of sampler statistics, each with poolite's name. */
export const arvizStatistics = [
  ['lp', 'log_density'],
  ['acceptance_rate', 'acceptance'],
  ['step_size', 'step_size'],
  ['tree_depth', 'tree_depth'],
  ['n_steps', 'leapfrog_count'],
  ['diverging', 'divergent'],
  ['energy', 'energy'],
] as const

/** Dimensions under the names that ArviZ can take. */
export interface ArvizDimensions {
  /** Labels of every dimension, by its name. */
  readonly coords: Readonly<Record<string, readonly string[]>>
  /** Names of the dimensions of every variable that has any. */
  readonly dims: Readonly<Record<string, readonly string[]>>
}

/**
 * In ArviZ a dimension has one set of labels for all variables, occurs once in a variable, and is called neither as a variable nor `chain`
 * nor `draw`. A dimension that breaks this is called `modifier_2` and so on.
 */
export function arvizDimensions(variables: readonly Pick<Variable, 'name' | 'dimensions'>[]): ArvizDimensions {
  const reserved = new Set(['chain', 'draw', 'sample', ...variables.map(({ name }) => name)])
  const coords: Record<string, readonly string[]> = Object.create(null)
  const dims: Record<string, readonly string[]> = Object.create(null)
  for (const { name, dimensions } of variables) {
    if (dimensions.length === 0) continue
    const chosen: string[] = []
    for (const dimension of dimensions) chosen.push(nameFor(dimension, chosen))
    dims[name] = chosen
  }
  return { coords, dims }

  function nameFor({ name, labels }: Dimension, taken: readonly string[]): string {
    const isFree = (candidate: string) =>
      !reserved.has(candidate) &&
      !taken.includes(candidate) &&
      (coords[candidate] === undefined || isSame(coords[candidate], labels))
    let candidate = name
    for (let suffix = 2; !isFree(candidate); suffix++) candidate = `${name}_${suffix}`
    coords[candidate] = labels
    return candidate
  }
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((label, index) => label === b[index])
}
