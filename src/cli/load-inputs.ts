import { createHash } from 'node:crypto'
import { parseDocument } from 'yaml'
import { parseProtocol } from '../data/parse-protocol.js'
import type { Protocol } from '../data/protocol.js'
import { readTable } from '../data/read-table.js'
import type { Table } from '../data/table.js'
import { readBytes, readText, requireUtf8 } from './read-file.js'

export interface LoadedTable {
  readonly table: Table
  /** SHA-256 of the file, hexadecimal. */
  readonly hash: string
}

/**
 * @throws UsageError when the file cannot be read.
 * @throws DataError when it is no table of UTF-8 text.
 */
export function loadTable(path: string): LoadedTable {
  const bytes = readBytes(path)
  const table = readTable(new TextDecoder().decode(bytes), path)
  requireUtf8(bytes, path)
  return { table, hash: createHash('sha256').update(bytes).digest('hex') }
}

export interface LoadedProtocol {
  readonly protocol: Protocol
  /** The file's text, with the overridden settings in it. */
  readonly text: string
}

export type InferenceOverrides = { readonly [Name in 'seed' | 'chains' | 'warmup' | 'draws' | 'thin']?: number | undefined }

/**
 * The protocol with settings of the command line in place of its own.
 * @throws UsageError when the file cannot be read.
 * @throws ProtocolError when it is no valid protocol.
 */
export function loadProtocol(path: string, overrides: InferenceOverrides = {}): LoadedProtocol {
  const text = readText(path)
  const protocol = parseProtocol(text, path)
  const settings = Object.entries(overrides).filter(([, value]) => value !== undefined)
  if (settings.length === 0) return { protocol, text }
  const document = parseDocument(text)
  for (const [name, value] of settings) document.setIn(['inference', name], value)
  const changed = document.toString({ lineWidth: 0 })
  return { protocol: parseProtocol(changed, path), text: changed }
}
