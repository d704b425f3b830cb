import type { Terminal } from '../../../src/cli/terminal.js'

/** A terminal that keeps what was written to it. */
export function fakeTerminal(isInteractive = false): Terminal & { readonly written: { data: string; talk: string } } {
  const written = { data: '', talk: '' }
  return {
    written,
    isInteractive,
    exitStatus: 0,
    data: (text) => {
      written.data += text
    },
    talk: (text) => {
      written.talk += text
    },
  }
}
