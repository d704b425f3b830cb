/**
 * A routine over whole dense arrays that a graph reaches by a `call` node, in two forms kept in one file: JavaScript, which is the oracle and
 * what a program without WebAssembly runs, and WebAssembly, printed for the constant sizes of one call. Without the second a WebAssembly program
 * calls the first on the host. Neither form may throw: arithmetic that has no answer writes NaN.
 *
 * Files with kernels import only types from here and nothing from the printers, so that a program can be run without loading them.
 */
export interface CallKernel {
  readonly javascript: JavaScriptForm
  readonly webAssembly?: WebAssemblyForm
}

/** Reads operands at their offsets in `memory`, writes results at theirs; allocates nothing. */
export type JavaScriptForm = (
  memory: Float64Array,
  operands: readonly number[],
  results: readonly number[],
  settings: readonly number[],
) => void

export type WebAssemblyForm = (printer: KernelPrinter, call: CallArguments) => void

/** Offsets are in elements of memory. */
export interface CallArguments {
  readonly operands: readonly number[]
  readonly results: readonly number[]
  /** Which results anything reads; the others need not be written. */
  readonly isRead: readonly boolean[]
  readonly settings: readonly number[]
  /** Values of the operands that are known when compiling. */
  readonly constants: readonly (Float64Array | undefined)[]
}

/** Text of a WebAssembly expression. */
export type Value = string

/** Writes the body of one WebAssembly function. */
export interface KernelPrinter {
  line(text: string): void
  set(local: string, type: 'i32' | 'f64' | 'v128', value: Value): void
  /** Repeats `body` with `index` running from `from` in steps of `step` while it is below `end`; all in bytes. */
  loop(index: string, from: number, end: number, step: number, body: () => void): void
  /** Places 32-bit integers in memory before the program runs; returns the address in bytes of the first, the others lie 8 bytes apart. */
  table(integers: readonly number[]): number
  /** Working space that only this routine sees, of so many elements; the offset of its first. What it holds at first is undefined. */
  space(size: number): number
  /** A function of `scalarFunctions` that has a WebAssembly version, elementwise. */
  call(name: string, value: Value): Value
  /**
   * Prints a routine of linear algebra that does the same to `count` systems. Small ones are printed without loops, and the two lanes of a vector
   * hold two systems; others with loops, and the two lanes hold neighbouring columns of one system. Each element is computed by the same operations
   * in the same order either way.
   */
  systems(count: number, isSmall: boolean, body: (systems: Systems) => void): void
}

/** A row or column of a matrix: a number known when printing, or a loop's running index plus a shift. */
export type Index = number | { readonly local: string; readonly shift: number }

/** A matrix of each system. */
export interface Matrix {
  /** One element, the same in all lanes that belong to one system. */
  get(row: Index, column: Index): Value
  /** The elements at a position given by `columns`. */
  vector(row: Index, column: Index): Value
  set(row: Index, column: Index, value: Value): void
}
/** A matrix that only the routine sees. */
export interface WorkingMatrix extends Matrix {
  /** The counterpart of `vector`; may also write one element to the right of the columns asked for, which must not matter. */
  store(row: Index, column: Index, value: Value): void
}
export interface Variable {
  readonly value: Value
  assign(value: Value): void
}

/** What routines of linear algebra are printed with. */
export interface Systems {
  /** An operand or result: `rows` x `columns` for each system, one system after another. */
  matrix(offset: number, rows: number, columns: number): Matrix
  /** An operand of which only the lower triangle is read, at hand for repeated reading. */
  lowerTriangle(offset: number, size: number): Matrix
  /** The upper triangle of a symmetric operand of which only the lower one is read, and a vector operand as a further column. */
  upperTriangle(offset: number, size: number, vectorOffset?: number): Matrix
  /** What it holds at first is undefined; see `clear`. */
  working(rows: number, columns: number): WorkingMatrix
  /** Zeros wherever a vector may be read before it was written. */
  clear(matrix: WorkingMatrix): void
  /** The lower triangle that an upper triangle is when its axes are swapped, for reading. */
  transposed(upper: WorkingMatrix, size: number): Matrix
  /** Writes a lower triangle with zeros above it. */
  copyTriangle(lower: Matrix, offset: number, size: number): void
  /** Writes the symmetric matrix of which a lower triangle is given. */
  copySymmetric(lower: Matrix, offset: number, size: number): void
  /** `body` for each index from `from` up to and without `to`. */
  loop(from: Index, to: Index, body: (index: Index) => void): void
  /** `body` for each index below `to` down to `from`. */
  loopDown(from: Index, to: Index, body: (index: Index) => void): void
  /** `body` for stretches of columns that together cover `from` up to and without `to`; columns just outside may be included. */
  columns(from: Index, to: Index, body: (columns: readonly Index[]) => void): void
  /** Evaluates once, now. */
  keep(value: Value): Value
  variable(initial: Value): Variable
  /** A function of `scalarFunctions` that has a WebAssembly version, elementwise. */
  call(name: string, value: Value): Value
}
