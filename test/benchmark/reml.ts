/** Restricted maximum likelihood of a multivariate meta-analysis, ours against R's metafor (`rma.mv`), on the same simulated trials. */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { multivariateMetaAnalysis } from '../../src/numeric/multivariate-meta-analysis/multivariate-meta-analysis.js'
import { writeDoubles } from './arrays.js'
import { processorSeconds } from './processor-time.js'
import { trialsOfSize } from './simulated-trials.js'
import { aligned, number, ratio } from './table.js'

const PROGRAM = fileURLToPath(new URL('./peers/reml.R', import.meta.url))
const CASES = [
  { trials: 10, size: 6, structure: 'diagonal' },
  { trials: 10, size: 6, structure: 'unstructured' },
  { trials: 10, size: 9, structure: 'diagonal' },
  { trials: 44, size: 4, structure: 'diagonal' },
  { trials: 44, size: 4, structure: 'unstructured' },
] as const
type Case = (typeof CASES)[number]

/** The first of these fits, which is just-in-time compiled, is thrown away. */
const OUR_FITS = 5

interface Fitted {
  /** Of one fit, of the processor. */
  readonly seconds: number
  readonly logLikelihood: number
}

export function isMetaforInstalled(): boolean {
  return spawnSync('Rscript', ['-e', 'library(metafor); library(jsonlite)'], { stdio: 'ignore' }).status === 0
}

/** Milliseconds of a fit on both sides, and how much higher our restricted log likelihood is. */
export function remlTable(folder: string, isPeerRun: boolean): string {
  const rows = CASES.map((one) => {
    const ours = fitOurs(one)
    const theirs = isPeerRun ? fitTheirs(one, folder) : undefined
    return [
      `${one.trials} x ${one.size} ${one.structure}`,
      number(1000 * ours.seconds),
      number(theirs && 1000 * theirs.seconds),
      ratio(theirs?.seconds, ours.seconds),
      theirs ? (ours.logLikelihood - theirs.logLikelihood).toExponential(1) : '-',
    ]
  })
  return aligned([['REML', 'ours ms', 'metafor ms', 'ratio', 'log likelihood, ours more by'], ...rows])
}

function fitOurs({ trials, size, structure }: Case): Fitted {
  const { estimate, covariance } = trialsOfSize(trials, size)
  const rows = (values: Float64Array, width: number) =>
    Array.from({ length: trials }, (_, trial) => values.slice(trial * width, (trial + 1) * width))
  const input = { estimates: rows(estimate.values, size), covariances: rows(covariance.values, size * size) }
  const fit = () => multivariateMetaAnalysis({ ...input, options: { estimator: 'reml', structure } })
  const { logLikelihood } = fit()
  const start = processorSeconds()
  for (let repeat = 0; repeat < OUR_FITS; repeat++) fit()
  return { seconds: (processorSeconds() - start) / OUR_FITS, logLikelihood }
}

function fitTheirs({ trials, size, structure }: Case, folder: string): Fitted {
  const { estimate, covariance } = trialsOfSize(trials, size)
  const file = (name: string) => join(folder, `reml-${name}`)
  writeDoubles(file('estimate.bin'), estimate.values)
  writeDoubles(file('covariance.bin'), covariance.values)
  const job = {
    estimate: { file: file('estimate.bin'), shape: estimate.shape },
    covariance: { file: file('covariance.bin'), shape: covariance.shape },
    structure: structure === 'diagonal' ? 'DIAG' : 'UN',
    repeats: 1,
    result: file('result.json'),
  }
  writeFileSync(file('job.json'), JSON.stringify(job))
  const run = spawnSync('Rscript', [PROGRAM, file('job.json')], { encoding: 'utf8' })
  if (run.status !== 0) throw new Error(`R failed on REML:\n${run.stderr.slice(-2000)}`)
  return JSON.parse(readFileSync(job.result, 'utf8')) as Fitted
}
