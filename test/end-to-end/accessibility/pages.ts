import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { call } from '../call.js'

export interface Page {
  readonly name: string
  readonly path: string
}

/**
 * Makes every kind of page that the command line writes, from trials of the bundled example with few draws; of one analysis also with too few, so that its page says that it failed.
 * @param main the built command
 */
export function makePages(root: string, main: string, folder: string): Page[] {
  const poolite = (...words: string[]) => call(process.execPath, [main, ...words], folder)
  const data = join(root, 'notebooks/data')
  const trials = join(folder, 'trials.csv')
  writeFileSync(trials, firstTrials(readFileSync(join(data, 'example-trials.csv'), 'utf8')))
  const protocol = join(data, 'example-protocol.yaml')
  const short = ['--quiet', '--chains', '2', '--warmup', '200']
  poolite('run', trials, '--protocol', protocol, '--out', 'run', ...short, '--draws', '500')
  poolite('run', trials, '--protocol', protocol, '--out', 'failed', '--quiet', '--chains', '2', '--warmup', '20', '--draws', '20')
  writeFileSync(join(folder, 'validated.yaml'), readFileSync(protocol, 'utf8') + candidates)
  poolite('validate', trials, '--protocol', 'validated.yaml', '--out', 'validation', ...short, '--draws', '100')
  poolite('report', 'run', '--profile', 'severe and anxious smoker', '--out', 'person.html')
  poolite('explain', 'run', '--out', 'explanation.html')
  const study = ['--scenarios', 'linear-small-trials-small-modification-0.2', '--methods', 'ols/fixed,ols/auxiliary']
  poolite('simulate', ...study, '--replicates', '2', '--people', '20', '--workers', '0', '--quiet', '--out', 'study')
  return Object.entries({
    report: 'run/report.html',
    'failed report': 'failed/report.html',
    validation: 'validation/validation.html',
    person: 'person.html',
    explanation: 'explanation.html',
    study: 'study/figures.html',
  }).map(([name, path]) => ({ name, path: join(folder, path) }))
}

/** Of the bundled example as many trials as `validate` can choose among; the pages of more have longer tables. */
const firstTrials = (csv: string) =>
  csv
    .split('\n')
    .filter((line, place) => place === 0 || /trial-0[1-4]/.test(line))
    .join('\n')

const candidates = `
validation:
  candidates:
    - firstStage: { model: ordinary-least-squares }
      secondStage: { method: multivariate }
    - firstStage: { model: ridge }
      secondStage: { method: weighted-average }
`
