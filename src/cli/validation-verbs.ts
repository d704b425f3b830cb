import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Terminal } from './terminal.js'

const example = `
Example:
  poolite validate trials.csv --protocol protocol.yaml --out validation
The protocol may list what is compared:
  validation:
    candidates:
      - firstStage: { model: linear, prior: regularised-horseshoe }
        secondStage: { method: hierarchical }
      - firstStage: { model: gaussian-process }
        secondStage: { method: weighted-average }`

export function addValidate(program: Command, terminal: Terminal): void {
  program
    .command('validate')
    .summary('which method to believe: predict each trial from the others')
    .description(
      'Leaves each trial out, predicts its patients from the other trials by several methods and by a constant effect, and says which method predicts individual effects best, if any does. Every trial is fitted once by each first stage. Takes at least three trials.',
    )
    .argument('<data>', 'CSV file, one row per patient')
    .addOption(
      new Option('--protocol <file>', 'protocol (YAML or JSON); its section validation lists the methods').makeOptionMandatory(),
    )
    .requiredOption('--out <folder>', 'folder to write')
    .option('--overwrite', 'replace an earlier run in that folder')
    .option('--seed <number>', "instead of the protocol's", wholeNumber(0))
    .option('--chains <count>', "instead of the protocol's", wholeNumber(1))
    .option('--warmup <count>', "instead of the protocol's, for each chain", wholeNumber(0))
    .option('--draws <count>', "instead of the protocol's, for each chain", wholeNumber(1))
    .addOption(new Option('--workers <count>', 'threads that run chains (default: auto)').argParser(threads))
    .option('--resume', 'go on with the unfinished validation in <folder>.partial, if there is one; poolings are done again')
    .option('--discard-partial', 'delete the unfinished validation in <folder>.partial and start anew')
    .option('--checkpoint-every <seconds>', 'between saves of running chains; 0: no checkpoints', seconds, 5)
    .option('--quiet', 'no progress')
    .addOption(new Option('--progress <kind>', 'progress on stderr').choices(['auto', 'plain', 'json', 'none']).default('auto'))
    .addOption(new Option('--json', 'one JSON object on stdout'))
    .addHelpText('after', example)
    .action(async (data, options) => (await import('./validate.js')).validateMethods(data, options, terminal))
}

const threads = (text: string) => (text === 'auto' ? text : wholeNumber(0)(text))

function seconds(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Give a number of seconds, such as 5.')
}

const wholeNumber = (least: number) => (text: string) => {
  const value = Number(text)
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value
  throw new InvalidArgumentError(`Give a whole number of at least ${least}.`)
}
