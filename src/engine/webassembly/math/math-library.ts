import type { InlineBody, MathFunction } from './function-writer.js'
import type { Table } from './tables/table.js'

/** Where numbers go in a program's memory, in elements. */
export interface PlacedValues {
  readonly offset: number
  readonly values: Float64Array
}

export interface PrintedLibrary {
  readonly functions: readonly string[]
  /** Byte addresses of the symbols that functions and inlined bodies use. */
  readonly addresses: ReadonlyMap<string, number>
  readonly constants: readonly PlacedValues[]
  /** Elements of memory, what lay before included. */
  readonly memorySize: number
}

/** Statements up to which a body is written where it is used: for longer ones, what a call costs no longer matters. */
const LONGEST_INLINE = 30
const POOL = '$pooledConstants'
const CONSTANT = /\(v128\.const (\w+) ([^)\s]+)\)/g

/** The mathematical functions that one module uses, with their tables. */
export class MathLibrary {
  private readonly functions = new Map<string, MathFunction>()
  private readonly tables = new Set<Table>()

  /** For `(call $name ...)`. */
  addFunction(called: MathFunction): void {
    if (this.functions.has(called.name)) return
    this.functions.set(called.name, called)
    this.addParts(called)
  }

  /** The body to write where it is used, if that pays. */
  inline(used: MathFunction, operands: readonly string[]): InlineBody | undefined {
    const body = used.inline(operands, used.name)
    if (body.statements.length > LONGEST_INLINE) return undefined
    this.addParts(used)
    return body
  }

  private addParts({ needs, tables }: MathFunction): void {
    for (const table of tables) this.tables.add(table)
    for (const needed of needs) this.addFunction(needed)
  }

  /** Lays the tables out behind the first `memorySize` elements. */
  print(memorySize: number): PrintedLibrary {
    const pool = new Map<string, bigint>()
    const functions = [...this.functions.values()].map(({ source }) => pooled(source, pool))
    const addresses = new Map<string, number>()
    const constants: PlacedValues[] = []
    let end = memorySize + (memorySize % 2)
    const place = (symbol: string, values: Float64Array) => {
      if (values.length === 0) return
      addresses.set(symbol, end * Float64Array.BYTES_PER_ELEMENT)
      constants.push({ offset: end, values })
      end += values.length
    }
    place(POOL, new Float64Array(BigUint64Array.from([...pool.values()].flatMap((lane) => [lane, lane])).buffer))
    for (const table of this.tables) place(`$${table.name}`, table.values())
    return { functions, addresses, constants, memorySize: constants.length === 0 ? memorySize : end }
  }
}

/**
 * Loads for the constants of a function that is called: compilers make constants anew at each call, which takes longer (exp 2.9 ns per element
 * against 2.4). In a loop, where a body is inlined, they are made once.
 */
function pooled(source: string, pool: Map<string, bigint>): string {
  return source.replace(CONSTANT, (_, kind: string, word: string) => {
    const key = `${kind} ${word}`
    if (!pool.has(key)) pool.set(key, laneBits(kind, word))
    return `(v128.load offset=${POOL}+${[...pool.keys()].indexOf(key) * 16} (i32.const 0))`
  })
}

function laneBits(kind: string, word: string): bigint {
  if (kind === 'i64x2') return BigInt.asUintN(64, BigInt(word))
  const value = word === 'nan' ? Number.NaN : word === 'inf' ? Infinity : word === '-inf' ? -Infinity : Number(word)
  return new BigUint64Array(Float64Array.of(value).buffer)[0]
}
