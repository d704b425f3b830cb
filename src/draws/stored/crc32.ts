/** CRC-32 of ISO 3309 and zlib (polynomial 0xEDB88320, reflected): finds every change of up to 32 neighbouring bits. */
const table = Int32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1
  return remainder
})

/** Unsigned, 32 bits. */
export function crc32(bytes: Uint8Array): number {
  let remainder = -1
  for (let index = 0; index < bytes.length; index++) remainder = table[(remainder ^ bytes[index]) & 255] ^ (remainder >>> 8)
  return ~remainder >>> 0
}
