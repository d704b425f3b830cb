/** Bytes that grow at their end and are read in parts, such as a file. */
export interface GrowingBytes {
  /** What a reader knows them by, such as a path, for messages. */
  readonly name: string
  length(): number
  append(bytes: Uint8Array): void
  /** Fewer than `length` bytes where they end before. */
  read(offset: number, length: number): Uint8Array
  /** Makes them outlast the process, where they can. */
  finish(): void
}

/** Where draws go that are too large for memory. */
export interface LargeDraws {
  /** Empty bytes under that name, in place of earlier ones. Keys are letters, digits, `-` and `/`. */
  open(key: string): GrowingBytes
  /** Draws of one fit that take as many bytes or more go there; 64 MiB when left out. */
  readonly fromBytes?: number | undefined
}
