import { assemble } from '../../../../src/engine/webassembly/assemble.js'
import { webAssembly } from '../../../../src/engine/webassembly/host.js'
import type { MathFunction } from '../../../../src/engine/webassembly/math/math-functions.js'
import { MathLibrary } from '../../../../src/engine/webassembly/math/math-library.js'

type Pair = readonly [number, number]

/** A function of one or two vectors, run by WebAssembly: pairs in, a pair out. */
export type PairFunction = (...operands: readonly Pair[]) => Pair

/** The function with all that it needs, assembled into a module of its own; `inlined` puts its body where the call would stand. */
export function instantiate(evaluated: MathFunction, inlined = false): PairFunction {
  const { parameterCount, name } = evaluated
  const library = new MathLibrary()
  const operands = ['(v128.load (i32.const 0))', '(v128.load offset=16 (i32.const 0))'].slice(0, parameterCount)
  const body = (inlined && library.inline(evaluated, operands)) || {
    locals: [],
    statements: [],
    value: `(call $${name} ${operands.join(' ')})`,
  }
  if (body.statements.length === 0) library.addFunction(evaluated)
  const locals = body.locals.map((local) => `(local ${local} v128)`).join(' ')
  const evaluate = `(func $evaluate ${locals} ${body.statements.join('\n')} (v128.store (i32.const 0) ${body.value}))`
  const { functions, addresses, constants, memorySize } = library.print(4)
  const bytes = assemble({ imports: [], functions: [...functions, evaluate].join('\n'), exports: ['evaluate'], addresses })
  const pages = Math.ceil((memorySize * 8) / 65536)
  const memory = new webAssembly.Memory({ initial: pages, maximum: pages })
  const elements = new Float64Array(memory.buffer)
  for (const { offset, values } of constants) elements.set(values, offset)
  const run = new webAssembly.Instance(new webAssembly.Module(bytes), { env: { memory } }).exports.evaluate as () => void
  return (...given) => {
    for (const [index, pair] of given.entries()) elements.set(pair, 2 * index)
    run()
    return [elements[0], elements[1]]
  }
}

/** The function of numbers: both lanes are given them, the first is read. */
export function instantiateScalar(evaluated: MathFunction): (...operands: readonly number[]) => number {
  const pair = instantiate(evaluated)
  return (...operands) => pair(...operands.map((operand) => [operand, operand] as const))[0]
}
