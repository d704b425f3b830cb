/** Arrays that travel between processes: files of little-endian doubles, last index fastest. */
import { readFileSync, writeFileSync } from 'node:fs'

export function writeDoubles(file: string, values: Float64Array): void {
  writeFileSync(file, new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
}

export function readDoubles(file: string): Float64Array {
  const bytes = readFileSync(file)
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
}
