import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Terminal } from './terminal.js'

const sourceText =
  'folder written by poolite run, or files of draws: CmdStan CSV (one for each chain), ArviZ JSON, Parquet, a table of posterior'
const kinds = [
  ...['trace', 'rank', 'autocorrelation', 'ess', 'energy', 'pairs', 'prior-posterior'],
  ...['forest', 'weights', 'effect-dots', 'outcome-dots'],
]
const json = () => new Option('--json', 'one JSON object on stdout')

/** Options that say which draws of a source are meant. */
function withSource(command: Command): Command {
  return command
    .argument('<source...>', sourceText)
    .addOption(
      new Option('--stage <stage>', "of a run: the trials' fits, or the pooled one (default: second)").choices([
        'first',
        'second',
      ]),
    )
    .option('--study <name>', 'of the first stage: one trial')
    .option('--sampler <file>', "table of the sampler's scalars, for draws in a table or Parquet")
    .option('--unfinished', 'of files still being written: what all chains hold so far')
}

export function addExport(program: Command, terminal: Terminal): void {
  withSource(program.command('export'))
    .summary('draws in the format of another program')
    .description(
      'Writes draws for rstan and cmdstanr (cmdstan), ArviZ (arviz), data frames (parquet) or R package posterior (posterior).',
    )
    .addOption(
      new Option('--format <format>', 'format to write')
        .choices(['cmdstan', 'arviz', 'parquet', 'posterior'])
        .makeOptionMandatory(),
    )
    .requiredOption('--out <folder>', 'folder to write')
    .addOption(json())
    .action(async (sources, options) => (await import('./export.js')).exportDraws(sources, options, terminal))
}

export function addSummarise(program: Command, terminal: Terminal): void {
  withSource(program.command('summarise'))
    .summary('summary and diagnosis of any draws')
    .description("Prints the columns of posterior's summarise_draws and what the checks of the draws found.")
    .option('--strict', 'exit status 4 when a diagnostic fails')
    .addOption(json())
    .action(async (sources, options) => (await import('./summarise.js')).summarise(sources, options, terminal))
}

export function addPlot(program: Command, terminal: Terminal): void {
  withSource(program.command('plot'))
    .summary('figures of draws, sampler and effects')
    .description(
      'Draws a figure of each quantity, or of the effect of a profile (forest, weights, effect-dots, outcome-dots), as an SVG or PNG image, or as a page that also shows the numbers.',
    )
    .addOption(new Option('--kind <kind>', 'what to draw').choices(kinds).makeOptionMandatory())
    .requiredOption('--out <file>', 'file to write, .svg, .png or .html')
    .option('--profile <name>', 'whose effect, for figures about a person (default: the reference patient)')
    .option('--data <file>', 'the data that were analysed, for models that predict from the patients of the trials')
    .option(
      '--variables <names>',
      'variables or elements, separated by commas: mu,theta[A,age] (default: the least effective)',
      names,
    )
    .option('--prior <file>', 'draws from the prior, for prior-posterior')
    .option('--width <pixels>', 'width of the image', pixels, 820)
    .addOption(new Option('--theme <theme>', 'colours of the image').choices(['light', 'dark']).default('light'))
    .addOption(json())
    .action(async (sources, options) => (await import('./plot.js')).plot(sources, options, terminal))
}

/** Commas within brackets are part of a name. */
function names(text: string): string[] {
  return (text.match(/(?:\[[^\]]*\]|[^,[])+/g) ?? []).map((name) => name.trim()).filter((name) => name !== '')
}

function pixels(text: string): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= 240 && value <= 10000) return value
  throw new InvalidArgumentError('Give a whole number from 240 to 10000.')
}
