/** Where a verb writes, and the exit status it leaves. Data go to stdout, talk goes to stderr. */
export interface Terminal {
  /** To stdout, as it is. */
  data(text: string): void
  /** To stderr, as it is. */
  talk(text: string): void
  /** Whether stderr is a terminal on which a line can be rewritten. */
  readonly isInteractive: boolean
  exitStatus: number
}

export function processTerminal(): Terminal {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
  return {
    data: (text) => void process.stdout.write(text),
    talk: (text) => void process.stderr.write(text),
    isInteractive: process.stderr.isTTY === true,
    exitStatus: 0,
  }
}
