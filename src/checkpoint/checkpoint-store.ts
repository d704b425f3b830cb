/**
 * Where checkpoints are kept: named pieces of bytes, such as files in a folder, entries of a database or a `Map`. `write` must be atomic: whoever
 * reads afterwards finds the new bytes or the earlier ones, whole, even if the process dies in between.
 */
export interface CheckpointStore {
  /** What was written last under that key; undefined when nothing was. Keys are letters, digits, `-` and `/`. */
  read(key: string): Promise<Uint8Array | undefined>
  /** Resolves when the bytes would survive the end of the process. What it throws ends the fit. */
  write(key: string, bytes: Uint8Array): Promise<void>
  /** What a reader knows the key by, such as the path of a file, for messages; the key itself when left out. */
  nameOf?(key: string): string
}

/** A part of a store: its keys are those of the whole that begin with the prefix and `/`. */
export function partOfStore(store: CheckpointStore, prefix: string): CheckpointStore {
  const whole = (key: string) => `${prefix}/${key}`
  return {
    read: (key) => store.read(whole(key)),
    write: (key, bytes) => store.write(whole(key), bytes),
    nameOf: (key) => nameIn(store, whole(key)),
  }
}

export function nameIn(store: CheckpointStore, key: string): string {
  return store.nameOf ? store.nameOf(key) : key
}
