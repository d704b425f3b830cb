import { join } from 'node:path'
import { type Dimension, type Draws, scalarNames, type Variable } from '../draws/draws.js'
import { fromTable } from '../draws/from-table.js'
import type { Manifest } from './manifest.js'
import { readText } from './read-file.js'

/**
 * The pooled draws of a run. A table of draws has no names for dimensions and cannot tell `theta[Smith, 2004,treatment]` apart, so the
 * dimensions of `mu`, `theta_new` and `theta` are put back from what the run knows.
 *
 * @throws UsageError, DataError when the file is not there or is no table of draws.
 */
export function loadPooled(runPath: string, { trials, coefficients }: Manifest): Draws {
  const path = join(runPath, 'draws', 'pooled.csv')
  const draws = fromTable(readText(path), path)
  const coefficient = { name: 'coefficient', labels: coefficients }
  const known: Readonly<Record<string, readonly Dimension[]>> = {
    mu: [coefficient],
    theta_new: [coefficient],
    theta: [{ name: 'study', labels: trials.map(({ study }) => study) }, coefficient],
  }
  return { ...draws, variables: draws.variables.map((variable) => withDimensions(variable, known[variable.name])) }
}

/** Only where the names of the scalars, in order, stay the same. */
function withDimensions(variable: Variable, dimensions: readonly Dimension[] | undefined): Variable {
  if (dimensions === undefined) return variable
  const renamed = { ...variable, dimensions }
  const names = scalarNames(variable)
  const isSame = scalarNames(renamed).every((name, index) => name === names[index])
  return isSame && scalarNames(renamed).length === names.length ? renamed : variable
}
