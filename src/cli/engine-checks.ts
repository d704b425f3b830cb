import * as tf from '@tensorflow/tfjs'
import type { LogDensity } from '../contract/log-density.js'
import { halfNormal } from '../distributions/half-normal.js'
import { normal, normalLogProbability } from '../distributions/normal.js'
import type { EagerBackend } from '../engine/tfjs.js'
import { webAssemblyIsMissing } from '../engine/webassembly/host.js'
import { fit } from '../fitting/fit.js'
import { condition } from '../language/condition.js'
import { model } from '../language/model.js'

/**
 * Checks of the path that every fit takes, on a small regression: it is compiled, the engines are compared at one point, and a short chain runs on a
 * worker thread. None of them throws: what goes wrong is the detail of a check that did not pass.
 */
export interface EngineCheck {
  readonly name: string
  readonly isPassed: boolean
  readonly detail: string
}

export interface EngineTiming {
  readonly engine: 'webassembly' | 'javascript' | 'eager'
  readonly precision: 'float64' | 'float32'
  /** Of the value and gradient of the small regression, the best of many. */
  readonly microsecondsPerGradient: number
  readonly compileMilliseconds: number
}

export interface EngineReport {
  readonly checks: readonly EngineCheck[]
  readonly timings: readonly EngineTiming[]
}

const [PATIENTS, COLUMNS] = [100, 5]
const data = {
  x: {
    values: Float64Array.from({ length: PATIENTS * COLUMNS }, (_, index) => Math.cos(1.7 * index)),
    shape: [PATIENTS, COLUMNS],
  },
  y: Float64Array.from({ length: PATIENTS }, (_, index) => Math.sin(2.3 * index)),
}
const regression = model({
  name: 'doctor',
  parameters: (_: typeof data) => ({ intercept: normal(0, 1), slopes: normal(0, 1, { shape: [COLUMNS] }), sigma: halfNormal(1) }),
  logLikelihood: ({ intercept, slopes, sigma }, { x, y }) => {
    const linear = tf.reshape(tf.matMul(x, tf.reshape(slopes, [COLUMNS, 1])), [PATIENTS])
    return normalLogProbability(y, tf.add(intercept, linear), sigma)
  },
})
const point = Float64Array.of(0.2, 0.1, -0.3, 0.25, 0.4, -0.15, -0.35)

/** Two orders of a sum of 100 terms, and the two sets of mathematical functions, in float64. */
const FLOAT64_TOLERANCE = 1e-12
/** The same in float32. */
const FLOAT32_TOLERANCE = 1e-4

/** @param eagerBackend one that has been started */
export async function checkEngines(eagerBackend: EagerBackend): Promise<EngineReport> {
  const missing = webAssemblyIsMissing()
  const engines = (['webassembly', 'javascript', 'eager'] as const).filter((engine) => engine !== 'webassembly' || !missing)
  const outcomes = engines.map((engine) => runOn(engine, eagerBackend))
  const [first, ...others] = outcomes.flatMap(({ run }) => run ?? [])
  return {
    checks: [
      ...(missing === undefined ? [] : [{ name: 'WebAssembly with vector instructions', isPassed: false, detail: missing }]),
      ...outcomes.map(({ check }) => check),
      ...others.map((other) => agreement(first, other)),
      await workerCheck(),
    ],
    timings: outcomes.flatMap(({ run }) => run?.timing ?? []),
  }
}

/** The regression on one engine. */
interface Run {
  readonly timing: EngineTiming
  /** Log density and gradient at the point. `[1 + dimension]` */
  readonly values: Float64Array
}

function runOn(wanted: EngineTiming['engine'], eagerBackend: EagerBackend): { readonly check: EngineCheck; readonly run?: Run } {
  const name = `a small model on the engine ${wanted}`
  try {
    const start = performance.now()
    const prefer = wanted === 'webassembly' ? undefined : wanted
    const { logDensity, engine } = condition(regression, data, { prefer, eagerBackend })
    const compileMilliseconds = performance.now() - start
    const gradient = new Float64Array(logDensity.dimension)
    const values = Float64Array.of(logDensity.valueAndGradient(point, gradient), ...gradient)
    if (!values.every(Number.isFinite)) return { check: { name, isPassed: false, detail: 'its value is not a number' } }
    const detail = wanted === 'eager' ? `evaluated on the tfjs backend ${eagerBackend}` : 'compiled and passed its self-check'
    const microseconds = microsecondsPerGradient(logDensity)
    const timing = { engine: wanted, precision: engine.precision, microsecondsPerGradient: microseconds, compileMilliseconds }
    return { check: { name, isPassed: true, detail }, run: { timing, values } }
  } catch (error) {
    return { check: { name, isPassed: false, detail: messageOf(error) } }
  }
}

function agreement(fast: Run, other: Run): EngineCheck {
  const scale = Math.max(...fast.values.map(Math.abs))
  const apart = Math.max(...fast.values.map((value, index) => Math.abs(value - other.values[index]))) / scale
  return {
    name: `${fast.timing.engine} against ${other.timing.engine}`,
    isPassed: apart <= (other.timing.precision === 'float64' ? FLOAT64_TOLERANCE : FLOAT32_TOLERANCE),
    detail: `value and gradient differ by ${apart.toExponential(1)}, relative`,
  }
}

async function workerCheck(): Promise<EngineCheck> {
  const name = 'a short chain on a worker thread'
  const settings = { seed: 1, chains: 1, warmup: 50, draws: 20 }
  try {
    const here = await fit(regression, data, settings)
    const there = await fit(regression, data, { ...settings, workers: 1 })
    const isSame = here.draws.variables.every(({ values }, index) =>
      values.every((value, at) => Object.is(value, there.draws.variables[index].values[at])),
    )
    const cost = `${Math.round(1000 * Math.max(0, there.seconds - here.seconds))} ms more than in the main thread`
    return { name, isPassed: isSame, detail: isSame ? `the same draws, ${cost}` : 'other draws than in the main thread' }
  } catch (error) {
    return { name, isPassed: false, detail: messageOf(error) }
  }
}

const BATCH_MILLISECONDS = 5
const BATCHES = 20

/** Minimum over batches that last a few milliseconds each. */
function microsecondsPerGradient(logDensity: LogDensity): number {
  const gradient = new Float64Array(logDensity.dimension)
  let best = Number.POSITIVE_INFINITY
  for (let batch = 0; batch < BATCHES; batch++) {
    const start = performance.now()
    let [count, elapsed] = [0, 0]
    while (elapsed < BATCH_MILLISECONDS) {
      logDensity.valueAndGradient(point, gradient)
      count++
      elapsed = performance.now() - start
    }
    best = Math.min(best, (1000 * elapsed) / count)
  }
  return best
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
