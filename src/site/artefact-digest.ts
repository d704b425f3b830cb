import { canonicalHash } from '../data/protocol-hash.js'
import type { SiteArtefact } from './site-artefact.js'

export type UnsealedArtefact = Omit<SiteArtefact, 'digest' | 'signature'>

/** SHA-256 of everything but the digest and the signature, hexadecimal. */
export function artefactDigest(artefact: UnsealedArtefact): Promise<string> {
  const { digest: _, signature: __, ...content } = artefact as SiteArtefact
  return canonicalHash(content)
}

export async function sealArtefact(artefact: UnsealedArtefact): Promise<SiteArtefact> {
  return { ...artefact, digest: await artefactDigest(artefact) }
}
