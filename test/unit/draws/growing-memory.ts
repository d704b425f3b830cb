import type { GrowingBytes } from '../../../src/draws/stored/growing-bytes.js'

/** As a file is, in memory. */
export function growingMemory(name = 'memory'): GrowingBytes & { content: Uint8Array } {
  return {
    name,
    content: new Uint8Array(0),
    length() {
      return this.content.length
    },
    append(bytes) {
      const longer = new Uint8Array(this.content.length + bytes.length)
      longer.set(this.content)
      longer.set(bytes, this.content.length)
      this.content = longer
    },
    read(offset, length) {
      return this.content.slice(offset, offset + length)
    },
    finish() {},
  }
}
