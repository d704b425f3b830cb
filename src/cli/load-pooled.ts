import { type Dimension, type Draws, scalarNames, type Variable } from '../draws/draws.js'
import type { Manifest } from './manifest.js'
import { readDraws } from './read-draws.js'

/**
 * The pooled draws of a run. Columns hold all about them; a table of draws has no names for dimensions and cannot tell `theta[Smith, 2004,treatment]` apart, so the
 * dimensions of `mu`, `theta_new` and `theta` are put back from what the run knows.
 *
 * @throws UsageError, DataError when the file is not there or is no table of draws.
 */
export function loadPooled(runPath: string, { trials, coefficients }: Manifest): Draws {
  const draws = readDraws(runPath, 'draws/pooled')
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
  if (dimensions === undefined || variable.stored) return variable
  const renamed = { ...variable, dimensions }
  const names = scalarNames(variable)
  const isSame = scalarNames(renamed).every((name, index) => name === names[index])
  return isSame && scalarNames(renamed).length === names.length ? renamed : variable
}
