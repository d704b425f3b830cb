/** Arrays of numbers as text, exactly: Float64, little-endian, in base64 (RFC 4648). */
import { DataError } from '../errors/data-error.js'

const BYTES = 8
/** Characters that `String.fromCharCode` is given at a time. */
const CHUNK = 8192

export function encodeValues(values: Float64Array): string {
  const bytes = new Uint8Array(values.length * BYTES)
  const view = new DataView(bytes.buffer)
  values.forEach((value, index) => {
    view.setFloat64(index * BYTES, value, true)
  })
  let text = ''
  for (let start = 0; start < bytes.length; start += CHUNK) text += String.fromCharCode(...bytes.subarray(start, start + CHUNK))
  return btoa(text)
}

/**
 * @param count how many there should be
 * @throws DataError when the text is no base64, holds another number of values, or one that is not finite
 */
export function decodeValues(text: string, count: number, file: string): Float64Array {
  const bytes = bytesOf(text, file)
  if (bytes.length !== count * BYTES)
    throw damagedDraws(file, `there are ${bytes.length} bytes, and ${count} numbers take ${count * BYTES}`)
  const view = new DataView(bytes.buffer)
  const values = Float64Array.from({ length: count }, (_, index) => view.getFloat64(index * BYTES, true))
  const bad = values.findIndex((value) => !Number.isFinite(value))
  if (bad >= 0) throw damagedDraws(file, `number ${bad + 1} of ${count} is not finite`)
  return values
}

function bytesOf(text: string, file: string): Uint8Array {
  try {
    const characters = atob(text)
    return Uint8Array.from({ length: characters.length }, (_, index) => characters.charCodeAt(index))
  } catch {
    throw damagedDraws(file, 'they are not base64')
  }
}

function damagedDraws(file: string, reason: string): DataError {
  return new DataError({
    file,
    problem: 'the draws in this site file cannot be used',
    reason,
    remedy: 'Ask the site to make the file again and to send it unchanged.',
  })
}
