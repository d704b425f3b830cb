import { inPart } from '../engine/translate-error.js'

/**
 * Runs a part of a model that reads parameters and data by name. When it fails, the ModelError also says which names it asked for in vain: tfjs
 * itself only complains of a "null".
 * @param where such as `the log likelihood of model "linear"`
 */
export function readingPart<Parameters extends object, Data extends object, Result>(
  where: string,
  parameters: Parameters,
  data: Data,
  body: (parameters: Parameters, data: Data) => Result,
): Result {
  const missing: string[] = []
  const hint = () => (missing.length > 0 ? missing.join(' ') : undefined)
  return inPart(where, () => body(watch(parameters, 'parameter', missing), watch(data, 'data entry', missing)), hint)
}

function watch<Values extends object>(values: Values, kind: string, missing: string[]): Values {
  return new Proxy(values, {
    get(target, name, receiver) {
      if (typeof name === 'string' && !(name in target)) {
        const known = Object.keys(target).join(', ')
        missing.push(
          `It asks for the ${kind} "${name}", which does not exist here (${known ? `there are ${known}` : 'there are none'}).`,
        )
      }
      return Reflect.get(target, name, receiver)
    },
  })
}
