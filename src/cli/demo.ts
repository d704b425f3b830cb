import { join } from 'node:path'
import type { Workers } from '../fitting/chain-pool.js'
import { packageRoot } from './package-root.js'
import { run } from './run.js'
import type { Terminal } from './terminal.js'

export interface DemoOptions {
  readonly out: string
  readonly workers?: Workers
  readonly quiet?: boolean
  readonly json?: boolean
}

/** `poolite demo`: the bundled example from its data to its report. */
export async function demo({ out, ...options }: DemoOptions, terminal: Terminal): Promise<void> {
  const example = join(packageRoot(), 'notebooks', 'data')
  const protocol = join(example, 'example-protocol.yaml')
  terminal.talk('poolite: the data of this example are simulated; no medical conclusion follows from them.\n')
  const settings = { ...options, protocol, out, overwrite: true, progress: 'auto', checkpointEvery: 0 } as const
  await run(join(example, 'example-trials.csv'), settings, terminal)
}
