import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signArtefact, verifyArtefact } from '../../../src/cli/site-signature.js'
import type { SiteArtefact } from '../../../src/site/site-artefact.js'
import { siteFileOf } from './site-fixture.js'

const folder = mkdtempSync(join(tmpdir(), 'poolite-keys-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const keyPair = (name: string, type: 'ed25519' | 'x25519' = 'ed25519') => {
  const { privateKey, publicKey } = type === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('x25519')
  writeFileSync(join(folder, `${name}.key`), privateKey.export({ type: 'pkcs8', format: 'pem' }))
  writeFileSync(join(folder, `${name}.pem`), publicKey.export({ type: 'spki', format: 'pem' }))
}

let signed: SiteArtefact
let plain: SiteArtefact
beforeAll(async () => {
  keyPair('site-1')
  keyPair('other')
  keyPair('wrong', 'x25519')
  plain = (await siteFileOf('site-1')).artefact
  signed = signArtefact(plain, join(folder, 'site-1.key'))
})
const verify = (artefact: SiteArtefact, keys?: string) => () => verifyArtefact(artefact, 'site.json', keys)

describe('signatures of site files', () => {
  it('are verified with the key beside them, and with that of the site', () => {
    expect(verify(signed)).not.toThrow()
    expect(verify(signed, folder)).not.toThrow()
    expect(verify(plain)).not.toThrow()
  })
  it('that are false, or of another content, are refused', () => {
    const { signature } = signed
    expect(verify({ ...signed, digest: signed.digest.replace(/^./, (first) => (first === '0' ? '1' : '0')) })).toThrow(
      /signature is false/,
    )
    expect(verify({ ...signed, signature: { ...signature!, value: 'AAAA' } })).toThrow(/signature is false/)
    expect(verify({ ...signed, signature: { ...signature!, publicKey: 'AAAA' } })).toThrow(/signature is false/)
  })
  it('are needed, and of the right key, when the centre has keys', () => {
    expect(verify(plain, folder)).toThrow(/not signed/)
    expect(verify(signArtefact(plain, join(folder, 'other.key')), folder)).toThrow(/another key/)
    expect(verify({ ...signed, study: 'nobody' }, folder)).toThrow(/no public key/)
  })
  it('cannot be made with another kind of key', () => {
    expect(() => signArtefact(plain, join(folder, 'wrong.key'))).toThrow(/no Ed25519 key/)
    expect(() => signArtefact(plain, join(folder, 'site-1.pem'))).toThrow(/no Ed25519 key/)
  })
})
