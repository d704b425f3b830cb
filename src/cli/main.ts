#!/usr/bin/env node
/** Entry of the command `poolite`. */
import { runCommandLine } from './command-line.js'
import { interruptedStatus } from './failure.js'
import { processTerminal } from './terminal.js'

const terminal = processTerminal()

runCommandLine(process.argv.slice(2), terminal).then(() => {
  process.exitCode = terminal.exitStatus
  // The fit that was interrupted may still be at work.
  if (terminal.exitStatus === interruptedStatus) process.exit()
})
