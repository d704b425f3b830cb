import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { addExport, addPlot, addSummarise } from './draws-verbs.js'
import { addExamples } from './examples.js'
import { reportFailure } from './failure.js'
import { packageVersion } from './package-root.js'
import { addCompletion, addExplain, addReport } from './result-verbs.js'
import { addSimulate } from './simulate-verbs.js'
import { addPool, addScores, addSite, addVantage6 } from './site-verbs.js'
import type { Terminal } from './terminal.js'
import { addValidate } from './validation-verbs.js'

const exitStatuses = `
Data go to stdout, everything else to stderr.
Exit status: 0 all well, 1 the run failed, 2 wrong usage, 3 the data or the
protocol cannot be analysed, 4 diagnostics failed under --strict, 130 interrupted.`

/**
 * The command line of poolite: declares the verbs and runs the one that was asked for. What a verb needs is loaded when it runs, so that
 * help is quick. The exit status is left in `terminal.exitStatus`.
 *
 * @param words what stands after `poolite`.
 */
export async function runCommandLine(words: readonly string[], terminal: Terminal): Promise<void> {
  try {
    await buildProgram(terminal).parseAsync(words, { from: 'user' })
  } catch (error) {
    const isJson = words.includes('--json')
    if (!(error instanceof CommanderError)) reportFailure(error, terminal, isJson)
    else if (error.exitCode !== 0) reportUsage(error, terminal, isJson)
  }
}

function reportUsage(error: CommanderError, terminal: Terminal, isJson: boolean): void {
  const remedy = 'See poolite --help.'
  const problem = error.message.replace(/^error: /, '')
  if (isJson) terminal.data(`${JSON.stringify({ error: { code: 'usage', problem, remedy } })}\n`)
  terminal.exitStatus = 2
}

function buildProgram(terminal: Terminal): Command {
  const program = new Command('poolite')
    .description(
      'Bayesian two-stage meta-analysis of individual participant data that predicts individualised treatment effects.',
    )
    .version(packageVersion())
    .addHelpText('after', exitStatuses)
    .showHelpAfterError('Add --help for the options, or see poolite --help.')
    .exitOverride()
    .configureOutput({ writeOut: (text) => terminal.data(text), writeErr: (text) => terminal.talk(text) })
  for (const add of [
    addInit,
    addCheck,
    addRun,
    addValidate,
    addPredict,
    addReport,
    addExplain,
    addSummarise,
    addPlot,
    addExport,
    addDemo,
    addDoctor,
    addCompletion,
    addSite,
    addPool,
    addScores,
    addVantage6,
    addSimulate,
  ])
    add(program, terminal)
  addExamples(program)
  return program
}

const json = () => new Option('--json', 'one JSON object on stdout')
const workersOption = () =>
  new Option(
    '--workers <count>',
    'threads that run chains; 0: none besides the main one; auto: one per processor when it pays (default: auto)',
  ).argParser((text) => (text === 'auto' ? text : wholeNumber(0)(text)))
const protocolOption = () => new Option('--protocol <file>', 'protocol (YAML or JSON)').makeOptionMandatory()

function addInit(program: Command, terminal: Terminal): void {
  program
    .command('init')
    .summary('draft a protocol from data')
    .description('Drafts a protocol from the columns of a data file: read it, correct it, and sign it before any analysis.')
    .argument('<data>', 'CSV file, one row per patient')
    .option('--out <file>', 'protocol file to write', 'protocol.yaml')
    .option('--study <column>', 'column that names the trial')
    .option('--treatment <column>', 'column that names the randomised arm')
    .option('--outcome <column>', 'column of the outcome')
    .option('--patient <column>', 'column that identifies the patient')
    .option('--covariates <columns>', 'columns of covariates, separated by commas', commaSeparated)
    .option('--least-patients <count>', 'fewest complete patients for a trial to be analysed', wholeNumber(1))
    .addOption(new Option('--better <direction>', 'which outcome is better').choices(['higher', 'lower']))
    .addOption(json())
    .action(async (data, options) => (await import('./init.js')).init(data, options, terminal))
}

function addCheck(program: Command, terminal: Terminal): void {
  program
    .command('check')
    .summary('check data against a protocol')
    .description(
      'Lists everything that stands in the way of an analysis, what its reader should know, and the trials. Exit status 3 on errors.',
    )
    .argument('<data>', 'CSV file, one row per patient')
    .addOption(protocolOption())
    .addOption(json())
    .action(async (data, options) => (await import('./check.js')).check(data, options, terminal))
}

function addRun(program: Command, terminal: Terminal): void {
  program
    .command('run')
    .summary('analyse: both stages, diagnostics, report')
    .description(
      'Fits every trial, pools the fits, judges the draws and writes a folder with draws, effects and a report. Until it has ended, its chains are saved in <folder>.partial: a run that was interrupted, killed or out of disk goes on with --resume, to the same numbers.',
    )
    .argument('<data>', 'CSV file, one row per patient')
    .addOption(protocolOption())
    .requiredOption('--out <folder>', 'folder to write')
    .option('--overwrite', 'replace an earlier run in that folder')
    .option('--seed <number>', "instead of the protocol's", wholeNumber(0))
    .option('--chains <count>', "instead of the protocol's", wholeNumber(1))
    .option('--warmup <count>', "instead of the protocol's, for each chain", wholeNumber(0))
    .option('--draws <count>', "instead of the protocol's, for each chain", wholeNumber(1))
    .option('--thin <count>', "instead of the protocol's: transitions for each draw that is kept", wholeNumber(1))
    .addOption(workersOption())
    .option('--resume', 'go on with the unfinished run in <folder>.partial, if there is one')
    .option('--discard-partial', 'delete the unfinished run in <folder>.partial and start anew')
    .option('--checkpoint-every <seconds>', 'between saves of running chains; 0: no checkpoints', seconds, 5)
    .option('--draws-in-memory <MiB>', 'draws of one fit that are larger stay on disk, as columns of float64', wholeNumber(0), 64)
    .option('--strict', 'exit status 4 when a diagnostic fails')
    .option('--quiet', 'no progress')
    .addOption(new Option('--progress <kind>', 'progress on stderr').choices(['auto', 'plain', 'json', 'none']).default('auto'))
    .addOption(json())
    .action(async (data, options) => (await import('./run.js')).run(data, options, terminal))
}

function addPredict(program: Command, terminal: Terminal): void {
  program
    .command('predict')
    .summary('effects of new patients from an earlier run')
    .description('Predicts the treatment effect of each patient in a CSV file from the pooled draws of an earlier run.')
    .argument('<run>', 'folder written by poolite run')
    .argument('<patients>', "CSV file with the protocol's covariates, one row per patient")
    .addOption(
      new Option('--target <target>', 'setting to predict for')
        .choices(['average', 'new-setting', 'existing-trial'])
        .default('new-setting'),
    )
    .option('--study <name>', 'the trial, for --target existing-trial')
    .option('--outcomes', 'also the outcome under each treatment: expected, and of one such person in a new setting')
    .option('--data <file>', 'the data that were analysed, for models that predict from the patients of the trials')
    .option('--out <file>', 'CSV file to write instead of stdout')
    .addOption(json())
    .action(async (run, patients, options) => (await import('./predict.js')).predict(run, patients, options, terminal))
}

function addDemo(program: Command, terminal: Terminal): void {
  program
    .command('demo')
    .summary('analyse the bundled example')
    .description('Analyses the simulated example that comes with poolite and writes a folder with its report.')
    .option('--out <folder>', 'folder to write; an earlier run in it is replaced', 'demo-output')
    .addOption(workersOption())
    .option('--quiet', 'no progress')
    .addOption(json())
    .action(async (options) => (await import('./demo.js')).demo(options, terminal))
}

function addDoctor(program: Command, terminal: Terminal): void {
  program
    .command('doctor')
    .summary('examine this installation')
    .description(
      'Shows versions, processors and optional parts, which engine was chosen and why, and checks it. Exit status 1 when the fast path does not work.',
    )
    .addOption(json())
    .action(async (options) => (await import('./doctor.js')).doctor(options, terminal))
}

const commaSeparated = (text: string): string[] => text.split(',').map((name) => name.trim())

function seconds(text: string): number {
  const value = Number(text)
  if (/^\d+(\.\d+)?$/.test(text)) return value
  throw new InvalidArgumentError('Give a number of seconds, such as 5.')
}

const wholeNumber = (least: number) => (text: string) => {
  const value = Number(text)
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value
  throw new InvalidArgumentError(`Give a whole number of at least ${least}.`)
}
