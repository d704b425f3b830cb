/** Ed25519 signatures of site files (RFC 8032): `openssl genpkey -algorithm ed25519` makes a key. */
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DataError } from '../errors/data-error.js'
import { UsageError } from '../errors/usage-error.js'
import type { SiteArtefact } from '../site/site-artefact.js'
import { readText } from './read-file.js'
import { safeFileNames } from './safe-file-names.js'

/** @throws UsageError when the file holds no Ed25519 private key. */
export function signArtefact(artefact: SiteArtefact, keyPath: string): SiteArtefact {
  const key = keyFrom(readText(keyPath), keyPath, createPrivateKey)
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64')
  const value = sign(null, Buffer.from(artefact.digest), key).toString('base64')
  return { ...artefact, signature: { algorithm: 'Ed25519', publicKey, value } }
}

/**
 * Verifies a signature, if there is one, and that it is by the key of the site, if there are keys.
 * @param keys folder of public keys, `<study>.pem`; with it, every file has to be signed
 * @throws DataError when the signature is false, absent where it is needed, or by another key.
 */
export function verifyArtefact({ study, digest, signature }: SiteArtefact, file: string, keys?: string): void {
  const refused = (problem: string, reason: string) =>
    new DataError({
      file,
      problem,
      reason,
      remedy: `Ask the site of "${study}" by another way than e-mail whether it has sent this file.`,
    })
  if (!signature) {
    if (keys !== undefined) throw refused('the file is not signed', '--keys asks for signatures')
    return
  }
  if (!isSigned(digest, signature)) throw refused('the signature is false', 'it is not that of this content by the key beside it')
  if (keys === undefined) return
  const [name] = safeFileNames([study])
  const path = join(keys, `${name}.pem`)
  if (!existsSync(path))
    throw new UsageError({
      file: path,
      problem: `there is no public key of the site of "${study}"`,
      remedy: 'Put it there, as PEM.',
    })
  const expected = keyFrom(readText(path), path, createPublicKey).export({ type: 'spki', format: 'der' }).toString('base64')
  if (expected !== signature.publicKey) throw refused('the file is signed by another key than that of the site', `see ${path}`)
}

function isSigned(digest: string, { publicKey, value }: NonNullable<SiteArtefact['signature']>): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })
    return key.asymmetricKeyType === 'ed25519' && verify(null, Buffer.from(digest), key, Buffer.from(value, 'base64'))
  } catch {
    return false
  }
}

function keyFrom(text: string, file: string, create: (text: string) => KeyObject): KeyObject {
  try {
    const key = create(text)
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch {
    // said below
  }
  throw new UsageError({
    file,
    problem: 'this is no Ed25519 key',
    remedy:
      'Make one with `openssl genpkey -algorithm ed25519 -out site-key.pem`, and its public half with `openssl pkey -in site-key.pem -pubout`.',
  })
}
