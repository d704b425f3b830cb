import type { CompiledProgram } from './compile-program.js'

/**
 * Programs kept for use with other data. A function that is compiled with a cache is recorded as always; when the recording is that of a kept
 * program it is neither recorded again nor compiled nor checked. So a program is never used for another computation than its own. One that differs from a checked
 * one in the sizes of arrays only is compiled and not checked again: eager tfjs takes seconds for matrices of hundreds of rows, and trials come in many sizes.
 */
export interface ProgramCache {
  /** The latest first. */
  readonly programs: readonly CompiledProgram[]
  /** How many functions have been compiled with this cache, and how many have found their program in it. */
  readonly compiledCount: number
  readonly reusedCount: number
  /** Structures of computations that have been checked. */
  readonly checkedCount: number
  add(program: CompiledProgram): void
  /** Whether a computation of this structure (see `graphStructure`) has been compared with tfjs, for arrays of whatever size. */
  hasChecked(structure: string): boolean
  noteChecked(structure: string): void
  /** Takes note that one of them was used. */
  reuse(program: CompiledProgram): void
}

/** A model takes three programs at most; so many shapes of data can alternate without compiling again. */
const SHAPES_KEPT = 16

export function programCache(): ProgramCache {
  let programs: CompiledProgram[] = []
  const counts = { compiled: 0, reused: 0 }
  const checked = new Set<string>()
  return {
    get programs() {
      return programs
    },
    get compiledCount() {
      return counts.compiled
    },
    get reusedCount() {
      return counts.reused
    },
    add(program) {
      counts.compiled++
      programs = [program, ...programs].slice(0, 3 * SHAPES_KEPT)
    },
    get checkedCount() {
      return checked.size
    },
    hasChecked: (structure) => checked.has(structure),
    noteChecked: (structure) => checked.add(structure),
    reuse(program) {
      counts.reused++
      programs = [program, ...programs.filter((other) => other !== program)]
    },
  }
}
