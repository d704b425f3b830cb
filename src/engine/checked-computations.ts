/**
 * Structures of computations (see `graphStructure`) that have been compared with tfjs. One that differs from a checked one in the sizes and values of arrays only is
 * compiled and not compared again: eager tfjs takes seconds for matrices of hundreds of rows, and trials come in many sizes.
 */
export interface CheckedComputations {
  readonly count: number
  has(structure: string): boolean
  note(structure: string): void
}

export function checkedComputations(): CheckedComputations {
  const structures = new Set<string>()
  return {
    get count() {
      return structures.size
    },
    has: (structure) => structures.has(structure),
    note: (structure) => void structures.add(structure),
  }
}
