/** Base32 (RFC 4648) with `!` in place of `=`: how a vantage6 node writes the values of the environment. */
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** The text behind a value of the environment; the value itself when it is not encoded. */
export function decodeEnvironment(value: string): string {
  const padded = /^([A-Z2-7]+)(!*)$/.exec(value)
  if (!padded || value.length % 8 !== 0) return value
  const bytes: number[] = []
  let [bits, count] = [0, 0]
  for (const letter of padded[1]) {
    bits = (bits << 5) | alphabet.indexOf(letter)
    count += 5
    if (count < 8) continue
    count -= 8
    bytes.push((bits >> count) & 255)
    bits &= (1 << count) - 1
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes))
  } catch {
    return value
  }
}

/** As a node does it; for tests that play one. */
export function encodeEnvironment(text: string): string {
  const bits = Array.from(new TextEncoder().encode(text), (byte) => byte.toString(2).padStart(8, '0')).join('')
  const letters = (bits.match(/.{1,5}/g) ?? []).map((five) => alphabet[Number.parseInt(five.padEnd(5, '0'), 2)]).join('')
  return letters.padEnd(Math.ceil(letters.length / 8) * 8, '!')
}
