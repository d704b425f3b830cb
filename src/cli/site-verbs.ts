import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Terminal } from './terminal.js'

const json = () => new Option('--json', 'one JSON object on stdout')
const protocolOption = () => new Option('--protocol <file>', 'protocol (YAML or JSON)').makeOptionMandatory()
const ledgerOption = () =>
  new Option('--ledger <file>', 'record of the files made before (default: .poolite-releases.json beside the data)')
const workers = () => new Option('--workers <count>', 'threads that run chains (default: auto)').argParser(threads)

/** `poolite site ...`, what is done where the data are. */
export function addSite(program: Command, terminal: Terminal): void {
  const site = program
    .command('site')
    .summary('fit one trial where its data are, into one small file that may be sent')
    .description('For sites that may not share their data: see `poolite site fit --help`.')
  addFit(site, terminal)
  site
    .command('inspect')
    .summary('everything that a site file discloses, in words and tables')
    .argument('<file>', 'made by poolite site fit or import')
    .addOption(json())
    .action(async (file, options) => (await import('./site-inspect.js')).siteInspect(file, options, terminal))
  addImport(site, terminal)
  addScore(site, terminal)
}

function addFit(site: Command, terminal: Terminal): void {
  site
    .command('fit')
    .summary('the first stage of one trial')
    .description(
      'Fits one trial and writes the one file that leaves the site. Nothing is sent. The disclosure rules of the protocol hold; a site may be stricter. What is printed says nothing of any patient.',
    )
    .argument('<data>', 'CSV file, one row per patient')
    .addOption(protocolOption())
    .requiredOption('--study <name>', 'the trial, as the protocol and the data name it')
    .requiredOption('--out <file>', 'file to write')
    .option('--least-count <count>', 'fewest patients in anything that is reported', whole)
    .option('--parameter-share <share>', 'most coefficients per patient of an arm', positive)
    .option('--most-levels <count>', 'most levels of a categorical covariate', whole)
    .addOption(
      new Option('--release <what>', 'of a model that is not linear, if the protocol releases more').choices([
        'profiles',
        'model',
      ]),
    )
    .option('--sign <file>', 'Ed25519 private key (PEM)')
    .addOption(ledgerOption())
    .addOption(workers())
    .addOption(json())
    .action(async (data, options) => (await import('./site-fit.js')).siteFit(data, options, terminal))
}

function addImport(site: Command, terminal: Terminal): void {
  site
    .command('import')
    .summary('a site file from estimates that another program made')
    .description(
      'Reads a CSV file of posterior draws, one column for each coefficient of the treatment effect, or of estimates: the columns coefficient, estimate and one covariance column for each coefficient. On the scale of the protocol.',
    )
    .argument('<table>', 'CSV file')
    .addOption(protocolOption())
    .requiredOption('--study <name>', 'the trial, as the protocol names it')
    .requiredOption('--control <count>', 'patients of the control arm', whole)
    .requiredOption('--treated <count>', 'patients of the treated arm', whole)
    .requiredOption('--out <file>', 'file to write')
    .option('--sign <file>', 'Ed25519 private key (PEM)')
    .addOption(json())
    .action(async (table, options) => (await import('./site-import.js')).siteImport(table, options, terminal))
}

function addScore(site: Command, terminal: Terminal): void {
  site
    .command('score')
    .summary('how well pooled effects do in a trial that was held out')
    .description(
      'Sums and covariances from which the centre computes the R-loss of the pooled effects at a site that took no part in the pooling. Nothing about single patients.',
    )
    .argument('<run>', 'folder written by poolite pool or run, without this trial')
    .argument('<data>', 'CSV file, one row per patient')
    .requiredOption('--study <name>', 'the trial, as the protocol and the data name it')
    .requiredOption('--out <file>', 'file to write')
    .addOption(ledgerOption())
    .addOption(json())
    .action(async (run, data, options) => (await import('./site-score.js')).siteScore(run, data, options, terminal))
}

/** `poolite pool`, what is done at the centre. */
export function addPool(program: Command, terminal: Terminal): void {
  program
    .command('pool')
    .summary('pool the files of sites')
    .description(
      'The second stage from files made by `poolite site fit`: the same numbers that `poolite run` computes from the data of all sites. Writes a folder as `poolite run` does, without effects of patients.',
    )
    .argument('<files...>', 'one for each trial')
    .addOption(protocolOption())
    .requiredOption('--out <folder>', 'folder to write')
    .option('--overwrite', 'replace an earlier run in that folder')
    .option('--keys <folder>', 'public keys of the sites, <study>.pem: every file has to be signed by its own')
    .addOption(workers())
    .option('--strict', 'exit status 4 when a diagnostic fails')
    .option('--quiet', 'no progress')
    .addOption(new Option('--progress <kind>', 'progress on stderr').choices(['auto', 'plain', 'json', 'none']).default('auto'))
    .addOption(json())
    .action(async (files, options) => (await import('./pool.js')).pool(files, options, terminal))
}

/** `poolite scores`, what the centre does with the scores of trials that were held out. */
export function addScores(program: Command, terminal: Terminal): void {
  program
    .command('scores')
    .summary('what scores of held-out sites say together')
    .description(
      'Reads files made by `poolite site score`, each of a result that was pooled without that trial, and says how much better the effects do than one effect for all, by trial and pooled.',
    )
    .argument('<files...>', 'one for each trial')
    .addOption(protocolOption())
    .addOption(json())
    .action(async (files, options) => (await import('./scores.js')).scores(files, options, terminal))
}

/** `poolite vantage6`, inside of a container. */
export function addVantage6(program: Command, terminal: Terminal): void {
  program
    .command('vantage6')
    .summary('one task of a vantage6 node')
    .description('Reads its task from the environment as a vantage6 node (version 4 or 5) sets it, and writes the output file.')
    .action(async () => (await import('./vantage6.js')).vantage6(process.env, terminal))
}

function positive(text: string): number {
  const value = Number(text)
  if (value > 0 && Number.isFinite(value)) return value
  throw new InvalidArgumentError('Give a positive number.')
}

function whole(text: string): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value > 0) return value
  throw new InvalidArgumentError('Give a whole number of at least 1.')
}

function threads(text: string): number | 'auto' {
  if (text === 'auto') return text
  if (/^\d+$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Give a whole number, or auto.')
}
