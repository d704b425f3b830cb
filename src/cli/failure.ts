import { PooliteError } from '../errors/poolite-error.js'
import { Interruption } from './interruption.js'
import { packageVersion } from './package-root.js'
import type { Terminal } from './terminal.js'

/** Exit status of a run that was stopped with Ctrl-C: 128 + SIGINT. */
export const interruptedStatus = 130

/**
 * Says what went wrong on stderr, as one `{ "error": ... }` on stdout too when JSON was asked for, and sets the exit status. A stack trace
 * is shown for a bug of ours only, and only with POOLITE_DEBUG=1.
 */
export function reportFailure(error: unknown, terminal: Terminal, isJson: boolean): void {
  const { status, sentence, json } = describeFailure(error)
  terminal.talk(`poolite: ${sentence}\n`)
  if (isJson) terminal.data(`${JSON.stringify({ error: json })}\n`)
  terminal.exitStatus = status
}

function describeFailure(error: unknown): { status: number; sentence: string; json: object } {
  if (error instanceof PooliteError) return { status: error.exitStatus, sentence: error.message, json: error.toJSON() }
  if (error instanceof Interruption) {
    return { status: interruptedStatus, sentence: error.message, json: { code: 'interrupted', problem: error.message } }
  }
  return describeBug(error)
}

function describeBug(error: unknown): { status: number; sentence: string; json: object } {
  const problem = `unexpected ${error instanceof Error ? `${error.name}: ${error.message}` : `failure: ${String(error)}`}`
  const remedy = `This is a bug in poolite ${packageVersion()} (Node ${process.version}). Please report it with the command that you ran.`
  const isDebugging = process.env.POOLITE_DEBUG === '1'
  const trace = isDebugging && error instanceof Error ? `\n${error.stack}` : ' POOLITE_DEBUG=1 shows where it happened.'
  return { status: 1, sentence: `${problem}. ${remedy}${trace}`, json: { code: 'bug', problem, remedy } }
}
