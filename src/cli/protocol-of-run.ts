import { join } from 'node:path'
import type { Protocol } from '../data/protocol.js'
import { protocolHash } from '../data/protocol-hash.js'
import { withoutCovariates } from '../data/unmeasured-covariates.js'
import { ProtocolError } from '../errors/protocol-error.js'
import { loadProtocol } from './load-inputs.js'
import type { Manifest } from './manifest.js'

/**
 * The protocol that the draws of a run were made with, without covariates that were dropped because a trial did not measure them.
 * @throws ProtocolError when the file was changed since.
 */
export async function protocolOfRun(runPath: string, manifest: Manifest): Promise<Protocol> {
  const path = join(runPath, 'protocol.yaml')
  const { protocol } = loadProtocol(path)
  if ((await protocolHash(protocol)) === manifest.protocolHash)
    return withoutCovariates(protocol, manifest.droppedCovariates ?? [])
  throw new ProtocolError({
    file: path,
    problem: 'this is not the protocol that the draws were made with',
    reason: 'its hash differs from the one in the manifest',
    remedy: 'Restore the file, or run the analysis again with the protocol as it is now.',
  })
}
