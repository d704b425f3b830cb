import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Terminal } from './terminal.js'

/** `poolite simulate` and its verbs. */
export function addSimulate(program: Command, terminal: Terminal): void {
  const simulate = withStudyOptions(
    program
      .command('simulate')
      .summary('simulation study: methods judged by known truth')
      .description(
        'Simulates data sets, analyses each by every method, and keeps the errors. Every result is kept at once: a study that was stopped goes on with --resume. With --task k/n, or as a task of a Slurm array or an indexed job of Kubernetes, it carries out its share; `poolite simulate merge` gathers.',
      ),
  )
    .addOption(new Option('--task <k/n>', 'carry out the k-th of n shares'))
    .addOption(new Option('--tasks <count>', 'shares, when a scheduler says which one this is').argParser(wholeNumber(1)))
    .option('--resume', 'go on with what is in the folder')
    .option('--quiet', 'no progress')
    .option('--brief', 'show the findings only')
    .addOption(json())
    .action(async (options) => (await import('./simulate.js')).simulate(options, terminal))
  simulate
    .command('merge')
    .summary('gather the parts of a study')
    .description('Gathers what the tasks of a study have written into records.jsonl and timings.jsonl.')
    .argument('<folder>', 'folder of the study')
    .addOption(json())
    .action(async (folder, _, command) =>
      (await import('./simulate-summary.js')).mergeFolder(folder, command.optsWithGlobals(), terminal),
    )
  simulate
    .command('summary')
    .summary('tables, findings and figures of a study')
    .description('Gathers the parts and writes summary.txt, summary.json, findings.json and figures.html.')
    .argument('<folder>', 'folder of the study')
    .option('--brief', 'show the findings only')
    .addOption(json())
    .action(async (folder, _, command) =>
      (await import('./simulate-summary.js')).summariseFolder(folder, command.optsWithGlobals(), terminal),
    )
  withStudyOptions(
    simulate
      .command('submit')
      .summary('submit a study to a cluster')
      .description('Writes the job script of a study as an array of tasks, each of which carries out a share, and submits it.'),
  )
    .addOption(new Option('--engine <name>', 'scheduler').choices(['slurm']).default('slurm'))
    .addOption(new Option('--tasks <count>', 'shares of the study').argParser(wholeNumber(1)).default(10))
    .option('--sbatch <option>', 'option of sbatch, such as --sbatch=--time=04:00:00; may be given several times', collect)
    .option('--dry-run', 'write the script and submit nothing')
    .addOption(json())
    .action(async (_, command) => (await import('./simulate-submit.js')).submit(command.optsWithGlobals(), terminal))
  simulate
    .command('methods')
    .summary('list designs and methods')
    .description('Lists the designs, with their numbers of scenarios, and the methods.')
    .addOption(json())
    .action(async (_, command) => (await import('./simulate-list.js')).listStudies(command.optsWithGlobals(), terminal))
}

function withStudyOptions(command: Command): Command {
  const count = (flags: string, what: string, least: number, usual: number) =>
    new Option(flags, what).argParser(wholeNumber(least)).default(usual)
  return command
    .option('--design <name>', 'family of scenarios; see poolite simulate methods', 'mainetti')
    .option('--scenarios <parts>', 'parts of names of scenarios, separated by commas (default: all)', commaSeparated)
    .addOption(count('--replicates <count>', 'data sets of each scenario', 1, 10))
    .option('--methods <names>', 'methods and groups, separated by commas', commaSeparated, ['quick'])
    .option('--out <folder>', 'folder of the study', 'study-output')
    .addOption(
      new Option('--workers <count>', 'processes; 0: none besides this one (default: one per processor)').argParser(
        wholeNumber(0),
      ),
    )
    .addOption(count('--seed <number>', 'of everything random', 0, 1))
    .addOption(count('--people <count>', 'of each test trial whose effects are predicted, at most 1000', 1, 1000))
    .addOption(count('--bootstrap <count>', 'refits to bootstrap samples, where a method needs them', 10, 100))
    .addOption(count('--chains <count>', 'of a posterior that is sampled', 1, 2))
    .addOption(count('--warmup <count>', 'transitions of each chain', 1, 300))
    .addOption(count('--draws <count>', 'of each chain', 1, 500))
    .addOption(
      new Option(
        '--validated <count>',
        'data sets of each scenario in which every trial is left out in turn (default: all)',
      ).argParser(wholeNumber(0)),
    )
}

const json = () => new Option('--json', 'one JSON object on stdout')
const collect = (text: string, earlier: readonly string[] = []): string[] => [...earlier, text]
const commaSeparated = (text: string): string[] => text.split(',').map((name) => name.trim())

const wholeNumber = (least: number) => (text: string) => {
  const value = Number(text)
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value
  throw new InvalidArgumentError(`Give a whole number of at least ${least}.`)
}
