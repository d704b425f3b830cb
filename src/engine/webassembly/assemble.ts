import { opcodes, unsigned } from './opcodes.js'

/**
 * Assembles the part of the WebAssembly text format that the engine writes: folded expressions, named locals, functions and labels, one
 * imported memory, imported and exported functions. Vector constants are written with one number for both lanes: `(v128.const f64x2 0.5)` or
 * `(v128.const i64x2 1023)`. Comments run from `;;` to the end of the line.
 *
 *     (func $name (param $x v128) (result v128) (local $y v128) (local.set $y ...) ... value)
 *     (loop $label ... (br_if $label condition))   (block $label ...)   (if (condition) (then ...) (else ...))
 */
export interface ModuleSource {
  /** Imported from module `env`: name and type. */
  readonly imports: readonly {
    readonly name: string
    readonly parameters: readonly ValueType[]
    readonly results: readonly ValueType[]
  }[]
  /** `(func ...)` expressions. */
  readonly functions: string
  /** Names of functions to export, without `$`. */
  readonly exports: readonly string[]
}

export type ValueType = 'i32' | 'i64' | 'f64' | 'v128'
type Expression = string | readonly Expression[]

const TYPE_CODES: Record<ValueType, number> = { i32: 0x7f, i64: 0x7e, f64: 0x7c, v128: 0x7b }
const EMPTY_BLOCK = 0x40
const END = 0x0b

interface Signature {
  readonly parameters: readonly ValueType[]
  readonly results: readonly ValueType[]
}

/** The module as bytes. Throws a plain error for text that is not understood: that is a defect of the engine, not of a model. */
export function assemble({ imports, functions, exports }: ModuleSource): Uint8Array<ArrayBuffer> {
  const bodies = parse(functions).map(declaration)
  const names = [...imports.map(({ name }) => `$${name}`), ...bodies.map(({ name }) => name)]
  const functionIndex = new Map(names.map((name, index) => [name, index]))
  const types = distinctTypes([...imports, ...bodies])
  const typeIndex = (signature: Signature) => types.indexOf(typeKey(signature))
  const imported = [
    [...text('env'), ...text('memory'), 0x02, 0x00, ...unsigned(0)],
    ...imports.map((one) => [...text('env'), ...text(one.name), 0x00, ...unsigned(typeIndex(one))]),
  ]
  const code = bodies.map((body) => encodeBody(body, functionIndex))
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, vector(types.map(encodeType))),
    ...section(2, vector(imported)),
    ...section(3, vector(bodies.map((body) => unsigned(typeIndex(body))))),
    ...section(7, vector(exports.map((name) => [...text(name), 0x00, ...unsigned(indexOf(functionIndex, `$${name}`))]))),
    ...section(10, vector(code)),
  ])
}

interface Declaration extends Signature {
  readonly name: string
  readonly locals: ReadonlyMap<string, number>
  /** Beyond the parameters, in order. */
  readonly localTypes: readonly ValueType[]
  readonly body: readonly Expression[]
}

function declaration(expression: Expression): Declaration {
  if (typeof expression === 'string' || expression[0] !== 'func')
    throw new Error(`not a function: ${String(expression).slice(0, 60)}`)
  const [, name, ...rest] = expression
  const isHeader = (item: Expression): item is readonly string[] =>
    typeof item !== 'string' && (item[0] === 'param' || item[0] === 'result' || item[0] === 'local')
  const headers = rest.filter(isHeader)
  const named = headers.filter(([kind]) => kind !== 'result')
  return {
    name: name as string,
    parameters: headers.filter(([kind]) => kind === 'param').map((item) => item[2] as ValueType),
    results: headers.filter(([kind]) => kind === 'result').map((item) => item[1] as ValueType),
    locals: new Map(named.map((item, index) => [item[1], index])),
    localTypes: headers.filter(([kind]) => kind === 'local').map((item) => item[2] as ValueType),
    body: rest.filter((item) => !isHeader(item)),
  }
}

function encodeBody({ locals, localTypes, body, name }: Declaration, functionIndex: ReadonlyMap<string, number>): number[] {
  const code: number[] = []
  const runs: { type: ValueType; count: number }[] = []
  for (const type of localTypes) {
    const last = runs.at(-1)
    if (last?.type === type) last.count++
    else runs.push({ type, count: 1 })
  }
  code.push(...vector(runs.map(({ type, count }) => [...unsigned(count), TYPE_CODES[type]])))
  const labels: string[] = []
  const emit = (expression: Expression): void => {
    if (typeof expression === 'string') throw new Error(`stray "${expression}" in ${name}`)
    const [operator, ...rest] = expression as [string, ...Expression[]]
    if (operator === 'block' || operator === 'loop') {
      code.push(operator === 'block' ? 0x02 : 0x03, EMPTY_BLOCK)
      labels.push(rest[0] as string)
      rest.slice(1).forEach(emit)
      labels.pop()
      code.push(END)
    } else if (operator === 'if') emitIf(rest)
    else emitPlain(operator, rest)
  }
  const emitIf = (parts: readonly Expression[]): void => {
    const [condition, then, otherwise] = parts as readonly (readonly Expression[])[]
    emit(condition)
    code.push(0x04, EMPTY_BLOCK)
    labels.push('')
    then.slice(1).forEach(emit)
    if (otherwise) {
      code.push(0x05)
      otherwise.slice(1).forEach(emit)
    }
    labels.pop()
    code.push(END)
  }
  const emitPlain = (operator: string, rest: readonly Expression[]): void => {
    const opcode = opcodes[operator]
    if (!opcode) throw new Error(`unknown instruction "${operator}" in ${name}`)
    for (const operand of rest) if (typeof operand !== 'string') emit(operand)
    const words = rest.filter((operand): operand is string => typeof operand === 'string')
    code.push(...opcode.bytes)
    for (const immediate of opcode.immediates) {
      if (immediate === 'local') code.push(...unsigned(indexOf(locals, words[0])))
      else if (immediate === 'function') code.push(...unsigned(indexOf(functionIndex, words[0])))
      else if (immediate === 'label') code.push(...unsigned(labels.length - 1 - labels.lastIndexOf(words[0])))
      else if (immediate === 'memory')
        code.push(opcode.alignment ?? 0, ...unsigned(Number(words[0]?.replace('offset=', '') ?? 0)))
      else if (immediate === 'lane') code.push(Number(words[0]))
      else code.push(...constant(immediate, words))
    }
  }
  body.forEach(emit)
  code.push(END)
  return [...unsigned(code.length), ...code]
}

function constant(kind: 'i32' | 'i64' | 'f64' | 'v128', words: readonly string[]): number[] {
  if (kind === 'i32' || kind === 'i64') return signed(BigInt(words[0]))
  if (kind === 'f64') return doubleBytes(words[0])
  const lane = words[0] === 'i64x2' ? integerBytes(words[1]) : doubleBytes(words[1])
  return [...lane, ...lane]
}

function doubleBytes(word: string): number[] {
  const value = word === 'nan' ? Number.NaN : word === 'inf' ? Infinity : word === '-inf' ? -Infinity : Number(word)
  if (Number.isNaN(value) && word !== 'nan') throw new Error(`not a number: ${word}`)
  return [...new Uint8Array(Float64Array.of(value).buffer)]
}

function integerBytes(word: string): number[] {
  return [...new Uint8Array(BigInt64Array.of(BigInt.asIntN(64, BigInt(word))).buffer)]
}

/** Signed LEB128. */
function signed(value: bigint): number[] {
  const bytes: number[] = []
  let rest = value
  for (;;) {
    const byte = Number(rest & 0x7fn)
    rest >>= 7n
    const isLast = (rest === 0n && (byte & 0x40) === 0) || (rest === -1n && (byte & 0x40) !== 0)
    bytes.push(isLast ? byte : byte | 0x80)
    if (isLast) return bytes
  }
}

function indexOf(table: ReadonlyMap<string, number>, name: string): number {
  const index = table.get(name)
  if (index === undefined) throw new Error(`unknown name ${name}`)
  return index
}

function typeKey({ parameters, results }: Signature): string {
  return `${parameters.join()}>${results.join()}`
}

function distinctTypes(signatures: readonly Signature[]): string[] {
  return [...new Set(signatures.map(typeKey))]
}

function encodeType(key: string): number[] {
  const [parameters, results] = key.split('>').map((list) => (list === '' ? [] : (list.split(',') as ValueType[])))
  const codes = (types: readonly ValueType[]) => vector(types.map((type) => [TYPE_CODES[type]]))
  return [0x60, ...codes(parameters), ...codes(results)]
}

function vector(items: readonly (readonly number[])[]): number[] {
  const bytes = unsigned(items.length)
  for (const item of items) for (const byte of item) bytes.push(byte)
  return bytes
}

function section(id: number, content: readonly number[]): number[] {
  const bytes = [id, ...unsigned(content.length)]
  for (const byte of content) bytes.push(byte)
  return bytes
}

function text(value: string): number[] {
  return vector([...new TextEncoder().encode(value)].map((byte) => [byte]))
}

/** S-expressions: nested arrays of words. */
function parse(source: string): readonly Expression[] {
  const tokens = source.replace(/;;[^\n]*/g, '').match(/[()]|[^\s()]+/g) ?? []
  const root: Expression[] = []
  const stack: Expression[][] = [root]
  for (const token of tokens) {
    if (token === '(') {
      const list: Expression[] = []
      stack[stack.length - 1].push(list)
      stack.push(list)
    } else if (token === ')') stack.pop()
    else stack[stack.length - 1].push(token)
  }
  if (stack.length !== 1) throw new Error('unbalanced parentheses')
  return root
}
