import { stringify } from 'yaml'

/** A number or text on one line of YAML, quoted where it must be. */
export function yamlScalar(value: string | number): string {
  if (typeof value === 'string' && /[\r\n]/.test(value)) return JSON.stringify(value)
  return stringify(value, { lineWidth: 0 }).trimEnd()
}

/** The same inside `[ ]` and `{ }`, where more characters need quotes. */
export function yamlFlowScalar(value: string | number): string {
  return typeof value === 'number' || /^[\w .+-]+$/.test(value) ? yamlScalar(value) : JSON.stringify(value)
}

/** `[a, b]` */
export function yamlList(values: readonly (string | number)[]): string {
  return `[${values.map(yamlFlowScalar).join(', ')}]`
}
