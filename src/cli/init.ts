import { draftProtocol } from '../data/draft-protocol.js'
import { unconfirmed } from '../data/unconfirmed.js'
import { loadTable } from './load-inputs.js'
import type { Terminal } from './terminal.js'
import { requireFree, writeNewFile } from './write-file.js'

export interface InitOptions {
  readonly out: string
  readonly study?: string
  readonly treatment?: string
  readonly outcome?: string
  readonly patient?: string
  readonly covariates?: readonly string[]
  readonly leastPatients?: number
  readonly better?: 'higher' | 'lower'
  readonly json?: boolean
}

/** `poolite init`: a draft of a protocol, written to a new file. */
export async function init(dataPath: string, { out, json, ...choices }: InitOptions, terminal: Terminal): Promise<void> {
  requireFree(out)
  const { table } = loadTable(dataPath)
  const { protocol, text } = draftProtocol(table, choices)
  writeNewFile(out, text)
  const { better = unconfirmed } = choices
  if (json)
    terminal.data(
      `${JSON.stringify({ protocolFile: out, protocol: { ...protocol, outcome: { ...protocol.outcome, better } } })}\n`,
    )
  const direction = choices.better
    ? ''
    : ` Say in it whether higher or lower values of ${protocol.outcome.column} are better (outcome.better; here: --better).`
  terminal.talk(
    `poolite: wrote ${out}.${direction} Read and correct every line marked CONFIRM, then: poolite check ${dataPath} --protocol ${out}\n`,
  )
}
