import { assemble } from '../../../../src/engine/webassembly/assemble.js'
import { webAssembly } from '../../../../src/engine/webassembly/host.js'
import { type MathFunction, mathFunctions } from '../../../../src/engine/webassembly/math/math-functions.js'

/** A function of two lanes, run by WebAssembly: a pair in, a pair out. */
export type PairFunction = (first: number, second: number) => readonly [number, number]

/** The function under this key and all that it needs, assembled into a module of its own. */
export function instantiate(key: string, functions: Readonly<Record<string, MathFunction>> = mathFunctions): PairFunction {
  const { evaluate, memory } = exportsOf(key, functions)
  const lanes = new Float64Array(memory.buffer, 0, 2)
  return (first, second) => {
    lanes[0] = first
    lanes[1] = second
    evaluate()
    return [lanes[0], lanes[1]]
  }
}

/** The function of one number: both lanes are given it, the first is read. */
export function instantiateScalar(key: string, functions?: Readonly<Record<string, MathFunction>>): (x: number) => number {
  const pair = instantiate(key, functions)
  return (x) => pair(x, x)[0]
}

function exportsOf(key: string, functions: Readonly<Record<string, MathFunction>>) {
  const memory = new webAssembly.Memory({ initial: 1, maximum: 1 })
  const evaluate = `(func $evaluate (v128.store (i32.const 0) (call $${key} (v128.load (i32.const 0)))))`
  const sources = [...closure(key, functions)].map((name) => functions[name].source)
  const bytes = assemble({ imports: [], functions: [...sources, evaluate].join('\n'), exports: ['evaluate'] })
  const instance = new webAssembly.Instance(new webAssembly.Module(bytes), { env: { memory } })
  return { evaluate: instance.exports.evaluate as () => void, memory }
}

function closure(key: string, functions: Readonly<Record<string, MathFunction>>, found = new Set<string>()): Set<string> {
  if (found.has(key)) return found
  found.add(key)
  for (const name of functions[key].needs) closure(name, functions, found)
  return found
}
