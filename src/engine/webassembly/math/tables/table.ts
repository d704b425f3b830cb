/** Numbers that mathematical functions read from memory, where they stand next to what the program computes with. */
export interface Table {
  /** Its address is written `offset=$name` in the text. */
  readonly name: string
  readonly pairCount: number
  /** Computed when first asked for: two numbers per pair, as vectors are read. */
  values(): Float64Array
}

export function table(name: string, pairCount: number, compute: () => readonly number[]): Table {
  let computed: Float64Array | undefined
  return {
    name,
    pairCount,
    values: () => {
      computed ??= Float64Array.from(compute())
      return computed
    },
  }
}
