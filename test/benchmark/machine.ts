import { cpus, loadavg } from 'node:os'
import type { PeerResult } from './peer.js'

/** What figures depend on besides the code. */
export function describeMachine(peers: readonly PeerResult[]) {
  return {
    node: process.version,
    processor: `${cpus().length} x ${cpus()[0].model}`,
    /** Processes that want a core, averaged over the last 15 minutes; about 1 to 2 is this benchmark alone. */
    load: loadavg()[2],
    peer: peers[0]?.version ?? 'not run',
  }
}
