/**
 * One measurement of ours in a process of its own, so that every one pays for its own just-in-time compilation:
 *
 *     node --expose-gc ours.js <job.json>
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { writeDoubles } from './arrays.js'
import { loadCase } from './cases.js'
import { measureGradient, randomPoints } from './measure-gradient.js'
import { measureSampling } from './measure-sampling.js'
import type { OursJob, OursResult } from './ours-job.js'
import { processorSeconds } from './processor-time.js'

const CHECK_POINTS = 4

async function main(): Promise<void> {
  const job = JSON.parse(readFileSync(process.argv[2], 'utf8')) as OursJob
  const benchmarkCase = await loadCase(job.name, job.kit)
  benchmarkCase.peer.data()
  const start = processorSeconds()
  const wallStart = performance.now()
  const conditioned = benchmarkCase.condition()
  const compileMilliseconds = 1000 * (processorSeconds() - start)
  const compileWallMilliseconds = performance.now() - wallStart
  const { logDensity, engine } = conditioned
  let result: OursResult = { dimension: logDensity.dimension, engine, compileMilliseconds, compileWallMilliseconds }
  if (job.task === 'gradient') result = { ...result, gradient: measureGradient(logDensity) }
  if (job.task === 'sampling') {
    const { monitored, targetAcceptance } = benchmarkCase.sampling!
    const { warmup, draws, seed, adaptation = 'gradient' } = job
    const settings = { targetAcceptance, warmup, draws, seed, adaptation }
    result = { ...result, sampling: await measureSampling(conditioned, monitored, settings) }
  }
  if (job.task === 'points') {
    const points = randomPoints(logDensity.dimension, CHECK_POINTS)
    writeDoubles(job.pointsFile, concatenate(points))
    writeDoubles(job.answersFile, concatenate(points.map((point) => answer(point))))
  }
  writeFileSync(job.result, JSON.stringify(result))

  /** Value, then gradient. */
  function answer(point: Float64Array): Float64Array {
    const gradient = new Float64Array(point.length)
    const value = logDensity.valueAndGradient(point, gradient)
    return Float64Array.from([value, ...gradient])
  }
}

function concatenate(parts: readonly Float64Array[]): Float64Array {
  return Float64Array.from(parts.flatMap((part) => [...part]))
}

void main()
