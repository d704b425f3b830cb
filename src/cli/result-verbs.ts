import { Argument, type Command, Option } from 'commander'
import type { Terminal } from './terminal.js'

const json = () => new Option('--json', 'one JSON object on stdout')

export function addReport(program: Command, terminal: Terminal): void {
  program
    .command('report')
    .summary("one person's page from an earlier run")
    .description(
      "Writes one person's effect as a page: intervals, equally likely values, outcomes under each treatment where the model gives them, likeness to the trials' patients, and which trials speak. The report of the analysis as a whole is report.html in the folder of the run.",
    )
    .argument('<run>', 'folder written by poolite run')
    .option('--profile <name>', 'a profile of the protocol, or its reference patient')
    .option('--patient <file>', "CSV file with the protocol's covariates, one row")
    .option('--id <name>', 'of several patients in that file, the one that is meant')
    .option('--covariates <values>', 'all covariates of the protocol: age=60,sex=female')
    .option('--data <file>', 'the data that were analysed, for models that predict from the patients of the trials')
    .option('--out <file>', 'HTML file to write', 'person.html')
    .addOption(json())
    .action(async (run, options) => (await import('./report.js')).report(run, options, terminal))
}

export function addExplain(program: Command, terminal: Terminal): void {
  program
    .command('explain')
    .summary('which covariates drive the effect')
    .description(
      'Shares of the variance of the effect over people that go through each covariate, and the mean effect by covariate: in the average setting where coefficients were pooled, and otherwise in each trial.',
    )
    .argument('<run>', 'folder written by poolite run')
    .option('--trial <name>', 'one trial')
    .option('--data <file>', 'the data that were analysed, for models that predict from the patients of the trials')
    .option('--out <file>', 'HTML file to write, with figures')
    .addOption(json())
    .action(async (run, options) => (await import('./explain.js')).explain(run, options, terminal))
}

export function addCompletion(program: Command, terminal: Terminal): void {
  program
    .command('completion')
    .summary('completion of commands in a shell')
    .description('Prints a script that completes verbs, options and their values.')
    .addArgument(new Argument('<shell>', 'your shell').choices(['bash', 'zsh']))
    .addOption(json())
    .action(async (shell, options) => {
      const { completionScript } = await import('./completion.js')
      const script = completionScript(program, shell)
      terminal.data(options.json ? `${JSON.stringify({ shell, script })}\n` : script)
    })
}
