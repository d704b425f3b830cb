/**
 * Simulation-based calibration of models and algorithms:
 *
 *     npm run sbc -- --model linear:normal --replicates 1000 --records out/sbc --json out/sbc.json
 *
 * `--model` is a name that `--list` shows, several separated by commas, `all`, or the path of a module that exports `model` and
 * `data`, by these names or in its default; a negative control, `control:...`, must be rejected. With `--records` every replicate is
 * written to a file in that folder, and a killed run continues where it was; `--task k/n` carries out every n-th replicate from the
 * k-th on, for an array job, after which a run without `--task` judges all. Exit status 1 when a calibration fails
 * or a control passes, 2 when none can be carried out.
 */
import { writeFileSync } from 'node:fs'
import {
  type Calibration,
  type CalibrationRecord,
  calibrationTest,
} from '../../../diagnostics/predictive/calibration/calibration-test.js'
import { calibrationText } from '../../../diagnostics/predictive/calibration/calibration-text.js'
import { version } from '../../../src/version.js'
import { calibrationCases } from './cases.js'
import { parseOptions, type RunOptions, usage } from './options.js'
import { openRecords } from './record-folder.js'
import { driveWorker, replicateRunner } from './worker.js'

/** Replicates of this task that are not on record yet, then those on record with them. */
async function collect(model: string, options: RunOptions): Promise<CalibrationRecord[]> {
  const { algorithm, seed, rankedDraws, task, recordFolder, workers, replicates } = options
  const work = { model, algorithm, seed, rankedDraws }
  const run = await replicateRunner(work)
  const header = { subject: model, algorithm, seed, rankedDraws, version }
  const { earlier, append } = recordFolder
    ? openRecords(recordFolder, header, `${task.index}-${task.count}`)
    : { earlier: [], append: () => {} }
  const records = earlier.filter(({ replicate }) => replicate < replicates)
  const known = new Set(records.map(({ replicate }) => replicate))
  const own = Array.from({ length: replicates }, (_, replicate) => replicate).filter((r) => r % task.count === task.index - 1)
  const queue = own.filter((replicate) => !known.has(replicate))
  const total = queue.length
  const keep = (record: CalibrationRecord) => {
    append(record)
    records.push(record)
    if (process.stderr.isTTY) process.stderr.write(`\r${model}: ${records.length - known.size} of ${total} replicates `)
  }
  if (workers > 1 && total > 1)
    await Promise.all(Array.from({ length: Math.min(workers, total) }, () => driveWorker(work, queue, keep)))
  else for (const replicate of queue) keep(await run(replicate))
  if (process.stderr.isTTY) process.stderr.write('\n')
  return records.sort((a, b) => a.replicate - b.replicate)
}

const isControl = (model: string) => model.startsWith('control:')
const isAsItMustBe = (model: string, { status }: Calibration) => (status === 'failed') === isControl(model)

async function main(): Promise<number> {
  const options = parseOptions()
  const known = [...(await calibrationCases()).keys()]
  if (options.isListed) {
    console.log(known.join('\n'))
    return 0
  }
  if (options.models.length === 0) throw new Error(usage)
  const results: Record<string, Calibration | { readonly refusal: string }> = {}
  for (const model of options.models.join() === 'all' ? known : options.models) {
    try {
      const records = await collect(model, options)
      const seconds = records.reduce((sum, record) => sum + record.seconds, 0)
      const calibration = calibrationTest(records, options.rankedDraws, options.alpha)
      results[model] = calibration
      console.log(`${model}, ${options.algorithm}, ${seconds.toFixed(0)} s of work\n${calibrationText(calibration)}\n`)
      if (isControl(model))
        console.log(isAsItMustBe(model, calibration) ? 'Rejected, as it must be.\n' : 'NOT REJECTED: the test cannot see it.\n')
    } catch (error) {
      results[model] = { refusal: (error as Error).message }
      console.log(`${model}: nothing to calibrate. ${(error as Error).message}\n`)
    }
  }
  if (options.json) writeFileSync(options.json, `${JSON.stringify(results, undefined, 1)}\n`)
  if (Object.entries(results).some(([name, result]) => 'status' in result && !isAsItMustBe(name, result))) return 1
  return Object.values(results).every((outcome) => 'refusal' in outcome) ? 2 : 0
}

main().then(
  (status) => {
    process.exitCode = status
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 2
  },
)
