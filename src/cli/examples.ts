import type { Command } from 'commander'

/** Two or three calls of each verb, as they are typed. */
const examples: Readonly<Record<string, readonly string[]>> = {
  init: ['poolite init trials.csv', 'poolite init trials.csv --study trial --treatment arm --outcome hamd --better lower'],
  check: ['poolite check trials.csv --protocol protocol.yaml'],
  run: [
    'poolite run trials.csv --protocol protocol.yaml --out results',
    'poolite run trials.csv --protocol protocol.yaml --out results --resume',
    'poolite run trials.csv --protocol protocol.yaml --out results --strict --json',
  ],
  predict: [
    'poolite predict results patients.csv --out effects.csv',
    'poolite predict results patients.csv --target existing-trial --study ACT-1',
  ],
  report: [
    'poolite report results --profile "older woman" --out older-woman.html',
    'poolite report results --covariates age=60,sex=female',
    'poolite report results --patient patients.csv --id 17 --out patient-17.html',
  ],
  explain: ['poolite explain results', 'poolite explain results --trial ACT-1 --out act-1.html'],
  summarise: ['poolite summarise results', 'poolite summarise chain-1.csv chain-2.csv --strict'],
  plot: [
    'poolite plot results --kind trace --variables mu --out trace.svg',
    'poolite plot results --stage first --study ACT-1 --kind rank --out rank.html',
    'poolite plot results --kind prior-posterior --out prior.svg',
    'poolite plot results --kind forest --profile "older woman" --out forest.png',
  ],
  export: ['poolite export results --format arviz --out for-python', 'poolite export results --format posterior --out for-r'],
  demo: ['poolite demo --out demo-output'],
  doctor: ['poolite doctor', 'poolite doctor --json'],
  site: ['poolite site fit trial.csv --protocol protocol.yaml --study ACT-1 --out act-1.json', 'poolite site inspect act-1.json'],
  pool: ['poolite pool act-1.json act-2.json act-3.json --protocol protocol.yaml --out results'],
  simulate: ['poolite simulate --replicates 10 --methods regressions --out study', 'poolite simulate summary study'],
  completion: ['source <(poolite completion bash)', 'source <(poolite completion zsh)'],
}

/** Writes examples under the help of every verb that has some and does not show them itself. */
export function addExamples(program: Command): void {
  for (const command of program.commands) {
    const lines = examples[command.name()]
    if (lines) command.addHelpText('after', `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`)
  }
}
