/**
 * The simulation study of this package: `npm run study -- --quick` is a reduced one of all 16 scenarios that prints T1 to T8 in under ten minutes on two processors;
 * without `--quick` it is the study of the authors' methods with 100 data sets a scenario. Other options are those of `poolite simulate` and come last, so that they
 * have their way. A study that was stopped goes on.
 */
import { runCommandLine } from '../../../src/cli/command-line.js'
import { processTerminal } from '../../../src/cli/terminal.js'

const quick = ['--methods', 'quick', '--replicates', '6', '--people', '100', '--bootstrap', '10', '--out', 'out/study-quick']
const full = ['--methods', 'authors', '--replicates', '100', '--bootstrap', '100', '--out', 'out/study']

const given = process.argv.slice(2)
const words = given.includes('--quick') ? [...quick, ...given.filter((word) => word !== '--quick')] : [...full, ...given]
const terminal = processTerminal()
await runCommandLine(['simulate', ...words, '--resume', '--brief'], terminal)
process.exitCode = terminal.exitStatus
