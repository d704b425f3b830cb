import type { Terminal } from '../../../src/cli/terminal.js'

export interface FakeTerminal extends Terminal {
  readonly written: { data: string; talk: string }
  /** The data as they came. */
  readonly pieces: string[]
}

/** A terminal that keeps what was written to it. */
export function fakeTerminal(isInteractive = false): FakeTerminal {
  const written = { data: '', talk: '' }
  const pieces: string[] = []
  return {
    written,
    pieces,
    isInteractive,
    exitStatus: 0,
    data: (text) => {
      written.data += text
      pieces.push(text)
    },
    talk: (text) => {
      written.talk += text
    },
  }
}
