import { RunError } from '../errors/run-error.js'
import type { Protocol } from './protocol.js'

/**
 * SHA-256 (hexadecimal) of the protocol as canonical JSON: keys sorted, defaults filled in, so that comments, order of keys and the
 * choice of YAML or JSON do not change it, and everything else does.
 * @throws RunError where the platform has no WebCrypto (browsers offer it on secure pages only).
 */
export function protocolHash(protocol: Protocol): Promise<string> {
  return canonicalHash(protocol)
}

/**
 * SHA-256 (hexadecimal) of a value as canonical JSON.
 * @throws RunError as `protocolHash`.
 */
export async function canonicalHash(value: unknown): Promise<string> {
  const subtle = globalThis.crypto?.subtle
  if (!subtle)
    throw new RunError({
      problem: 'no WebCrypto to hash with',
      remedy: 'Use Node 20 or later, or open the page over https.',
    })
  const digest = await subtle.digest('SHA-256', new TextEncoder().encode(canonicalJson(value)))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** JSON with sorted keys and without undefined members. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  members.sort(([first], [second]) => (first < second ? -1 : 1))
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`
}
