import { type CheckedComputations, checkedComputations } from './checked-computations.js'
import type { CompiledProgram } from './compile-program.js'

/**
 * Programs kept for use with other data. A function that is compiled with a cache is recorded as always; when the recording is that of a kept
 * program it is neither recorded again nor compiled nor checked. So a program is never used for another computation than its own.
 */
export interface ProgramCache {
  /** The latest first. */
  readonly programs: readonly CompiledProgram[]
  /** How many functions have been compiled with this cache, and how many have found their program in it. */
  readonly compiledCount: number
  readonly reusedCount: number
  add(program: CompiledProgram): void
  readonly checked: CheckedComputations
  /** Takes note that one of them was used. */
  reuse(program: CompiledProgram): void
}

/** A model takes three programs at most; so many shapes of data can alternate without compiling again. */
const SHAPES_KEPT = 16

export function programCache(): ProgramCache {
  let programs: CompiledProgram[] = []
  const counts = { compiled: 0, reused: 0 }
  const checked = checkedComputations()
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
    checked,
    reuse(program) {
      counts.reused++
      programs = [program, ...programs.filter((other) => other !== program)]
    },
  }
}
