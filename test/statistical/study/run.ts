/**
 * The simulation study of this package (`src/guides/simulation-study.md`). `npm run study -- --quick` is a reduced one of all 16 scenarios that prints T1 to T8 in under ten minutes on two
 * processors; without `--quick` it is the whole one, part after part into one folder, in about an hour and a half. Other options are those of `poolite simulate` and come last, so that they have their way.
 * A study that was stopped goes on.
 */
import { runCommandLine } from '../../../src/cli/command-line.js'
import { processTerminal, type Terminal } from '../../../src/cli/terminal.js'

const quick = [['--methods', 'quick', '--replicates', '6', '--people', '100', '--bootstrap', '10', '--out', 'out/study-quick']]

/** Half of the authors' refits: the variances that weights are made of are then known to a tenth, which moves a weight much less than trials differ. Chains as short as many data sets allow. */
const settings = ['--bootstrap', '50', '--warmup', '150', '--draws', '200', '--validated', '10', '--out', 'out/study']
/** Scenarios in which bootstrap weights have ten data sets: half of them linear, small or of small modification, in balance. */
const four = [
  'linear-small-trials-small-modification-0.2',
  'linear-large-trials-large-modification-0.2',
  'complex-small-trials-large-modification-0.2',
  'complex-large-trials-small-modification-0.2',
]
const bootstrap = 'lasso/bootstrap,ridge/bootstrap,boosting/bootstrap'
const full = [
  ['--methods', 'regressions', '--replicates', '100', ...settings],
  ['--methods', 'bayes-lasso/mixing', '--replicates', '20', ...settings],
  ['--methods', 'flexible', '--replicates', '10', ...settings],
  ['--methods', bootstrap, '--replicates', '10', '--scenarios', four.join(), ...settings],
]

const given = process.argv.slice(2)
const parts = given.includes('--quick') ? quick : full
const terminal = processTerminal()
const muted: Terminal = { ...terminal, data: () => undefined }
for (const [index, part] of parts.entries()) {
  const own = index === parts.length - 1 ? terminal : muted
  await runCommandLine(['simulate', ...part, ...given.filter((word) => word !== '--quick'), '--resume', '--brief'], own)
  process.exitCode = own.exitStatus
  if (own.exitStatus !== 0) break
}
