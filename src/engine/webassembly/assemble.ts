import { type Opcode, opcodes, unsigned } from './opcodes.js'

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
  /** Symbols that may stand in `offset=$symbol` or `offset=$symbol+16`, in bytes. */
  readonly addresses?: ReadonlyMap<string, number>
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
export function assemble({ imports, functions, exports, addresses }: ModuleSource): Uint8Array<ArrayBuffer> {
  const bodies = parse(functions).map(declaration)
  const names = [...imports.map(({ name }) => `$${name}`), ...bodies.map(({ name }) => name)]
  const functionIndex = new Map(names.map((name, index) => [name, index]))
  const types = distinctTypes([...imports, ...bodies])
  const typeIndex = (signature: Signature) => types.indexOf(typeKey(signature))
  const imported = [
    [...text('env'), ...text('memory'), 0x02, 0x00, ...unsigned(0)],
    ...imports.map((one) => [...text('env'), ...text(one.name), 0x00, ...unsigned(typeIndex(one))]),
  ]
  const code = bodies.map((body) => encodeBody(body, { functionIndex, addresses }))
  const sections = [
    section(1, vector(types.map(encodeType))),
    section(2, vector(imported)),
    section(3, vector(bodies.map((body) => unsigned(typeIndex(body))))),
    section(7, vector(exports.map((name) => [...text(name), 0x00, ...unsigned(indexOf(functionIndex, `$${name}`))]))),
    section(10, vector(code)),
  ]
  return new Uint8Array([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00].concat(...sections))
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

interface Symbols {
  readonly functionIndex: ReadonlyMap<string, number>
  readonly addresses: ModuleSource['addresses']
}

function encodeBody({ locals, localTypes, body, name }: Declaration, { functionIndex, addresses }: Symbols): number[] {
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
    const operator = expression[0] as string
    if (operator === 'block' || operator === 'loop') {
      code.push(operator === 'block' ? 0x02 : 0x03, EMPTY_BLOCK)
      labels.push(expression[1] as string)
      for (let index = 2; index < expression.length; index++) emit(expression[index])
      labels.pop()
      code.push(END)
    } else if (operator === 'if') emitIf(expression)
    else emitPlain(operator, expression)
  }
  const emitIf = ([, ...parts]: readonly Expression[]): void => {
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
  const emitPlain = (operator: string, expression: readonly Expression[]): void => {
    const opcode = opcodes[operator]
    if (!opcode) throw new Error(`unknown instruction "${operator}" in ${name}`)
    for (let index = 1; index < expression.length; index++) {
      const operand = expression[index]
      if (typeof operand !== 'string') emit(operand)
    }
    for (const byte of opcode.bytes) code.push(byte)
    if (opcode.immediates.length > 0)
      emitImmediates(opcode, expression.filter((operand, index) => isWord(operand, index)) as string[])
  }
  const emitImmediates = (opcode: Opcode, words: readonly string[]): void => {
    // A memory instruction may name its offset first.
    let lane = words[0]?.startsWith('offset=') ? 1 : 0
    for (const immediate of opcode.immediates) {
      if (immediate === 'local') pushUnsigned(code, indexOf(locals, words[0]))
      else if (immediate === 'function') pushUnsigned(code, indexOf(functionIndex, words[0]))
      else if (immediate === 'label') pushUnsigned(code, labels.length - 1 - labels.lastIndexOf(words[0]))
      else if (immediate === 'memory') {
        code.push(opcode.alignment ?? 0)
        pushUnsigned(code, byteOffset(words[0], addresses))
      } else if (immediate === 'lane') code.push(Number(words[lane++]))
      else code.push(...constant(immediate, words))
    }
  }
  body.forEach(emit)
  code.push(END)
  return unsigned(code.length).concat(code)
}

function isWord(operand: Expression, index: number): boolean {
  return index > 0 && typeof operand === 'string'
}

function pushUnsigned(code: number[], value: number): void {
  if (value < 128) code.push(value)
  else code.push(...unsigned(value))
}

function constant(kind: 'i32' | 'i64' | 'f64' | 'v128', words: readonly string[]): number[] {
  if (kind === 'i32' || kind === 'i64') return signed(BigInt(words[0]))
  if (kind === 'f64') return doubleBytes(words[0])
  const lane = words[0] === 'i64x2' ? integerBytes(words[1]) : doubleBytes(words[1])
  return [...lane, ...lane]
}

function byteOffset(word: string | undefined, addresses: ModuleSource['addresses'] = new Map()): number {
  if (word === undefined) return 0
  const offset = word.slice('offset='.length)
  if (!offset.startsWith('$')) return Number(offset)
  const terms = offset.split('+')
  return terms.reduce((sum, term) => sum + (term.startsWith('$') ? indexOf(addresses, term) : Number(term)), 0)
}

function doubleBytes(word: string): number[] {
  const value = word === 'nan' ? Number.NaN : word === 'inf' ? Infinity : word === '-inf' ? -Infinity : Number(word)
  if (Number.isNaN(value) && word !== 'nan') throw new Error(`not a number: ${word}`)
  scratch[0] = value
  return Array.from(scratchBytes)
}

const scratch = new Float64Array(1)
const scratchBytes = new Uint8Array(scratch.buffer)

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
  const root: Expression[] = []
  const stack: Expression[][] = [root]
  let list = root
  for (let index = 0; index < source.length; ) {
    const character = source.charCodeAt(index)
    if (character === OPENING) {
      const inner: Expression[] = []
      list.push(inner)
      stack.push(inner)
      list = inner
      index++
    } else if (character === CLOSING) {
      stack.pop()
      list = stack[stack.length - 1]
      if (!list) throw new Error('unbalanced parentheses')
      index++
    } else if (character === SEMICOLON && source.charCodeAt(index + 1) === SEMICOLON) {
      const end = source.indexOf('\n', index)
      index = end < 0 ? source.length : end
    } else if (character <= SPACE) index++
    else {
      const start = index
      while (index < source.length && isOfWord(source.charCodeAt(index))) index++
      list.push(source.slice(start, index))
    }
  }
  if (stack.length !== 1) throw new Error('unbalanced parentheses')
  return root
}

const [SPACE, OPENING, CLOSING, SEMICOLON] = [0x20, 0x28, 0x29, 0x3b]

function isOfWord(character: number): boolean {
  return character > SPACE && character !== OPENING && character !== CLOSING
}
