import { version } from '@tensorflow/tfjs'
import { type BackendTrial, tryBackend } from '../engine/choose-backend.js'
import { eagerBackends } from '../engine/tfjs.js'
import { textTable } from '../report/text/text-table.js'
import { checkEngines, type EngineReport } from './engine-checks.js'
import { describeInstallation, type Installation, type OptionalPackage, optionalPackages } from './installation.js'
import type { Terminal } from './terminal.js'

export interface DoctorOptions {
  readonly json?: boolean
}

/** What `poolite doctor` finds out. */
interface Findings extends EngineReport {
  readonly installation: Installation & { readonly tfjs: string }
  /** The engine that compiled models run on, and the tfjs backend for what cannot be compiled. */
  readonly chosen: { readonly engine: string; readonly eagerBackend: string }
  readonly eagerBackends: readonly BackendTrial[]
  readonly optionalPackages: readonly OptionalPackage[]
  readonly isFast: boolean
}

/** `poolite doctor`: what is installed, what was chosen and why, and whether the fast path works; exit status 1 when it does not. */
export async function doctor({ json }: DoctorOptions, terminal: Terminal): Promise<void> {
  const findings = await examine()
  terminal.exitStatus = findings.isFast ? 0 : 1
  terminal.data(json ? `${JSON.stringify(findings)}\n` : findingsText(findings))
  if (!json) terminal.talk(`poolite: ${verdict(findings)}\n`)
}

async function examine(): Promise<Findings> {
  const trials: BackendTrial[] = []
  for (const backend of eagerBackends) trials.push(await tryBackend(backend))
  const eagerBackend = trials.find((trial) => trial.status === 'works')?.backend ?? 'cpu'
  const report = await checkEngines(eagerBackend)
  const engine = report.timings[0]?.engine ?? 'none'
  return {
    installation: { ...describeInstallation(), tfjs: version.tfjs },
    chosen: { engine, eagerBackend },
    eagerBackends: trials,
    optionalPackages: optionalPackages(trials.flatMap((trial) => trial.package ?? [])),
    ...report,
    isFast: engine === 'webassembly' && report.checks.every((check) => check.isPassed),
  }
}

function verdict({ isFast, checks, chosen }: Findings): string {
  if (isFast) return 'the fast path works: models run as WebAssembly in float64, chains on worker threads.'
  const failed = checks.filter((check) => !check.isPassed).map((check) => check.name)
  const remedy =
    'Use a current Node without flags that turn WebAssembly or threads off; if that is so already, report all of this.'
  return `the fast path does not work (${failed.join('; ')}); models run on the engine ${chosen.engine}. ${remedy}`
}

function findingsText({ installation, chosen, eagerBackends, optionalPackages, checks, timings }: Findings): string {
  const { memory, poolite, tfjs, node, platform, processor, processors } = installation
  const facts = [
    ['poolite', poolite],
    ['TensorFlow.js', tfjs],
    ['Node', node],
    ['platform', platform],
    ['processors', `${processors} (${processor})`],
    ['memory', `${gibibytes(memory.total)}, ${gibibytes(memory.free)} free`],
    ['engine', chosen.engine],
    ['tfjs backend', `${chosen.eagerBackend}, for what cannot be compiled`],
  ]
  const parts = [
    ...eagerBackends.map(({ backend, package: name, status, reason = '' }) => [
      name ?? `tfjs backend ${backend}`,
      status,
      reason,
    ]),
    ...optionalPackages.map(({ package: name, status }) => [name, status, '']),
  ]
  return [
    textTable(['installation', ''], facts),
    textTable(['optional part', 'state', 'why'], parts),
    textTable(
      ['check', 'result', ''],
      checks.map(({ name, isPassed, detail }) => [name, isPassed ? 'passed' : 'FAILED', detail]),
    ),
    textTable(
      ['engine', 'precision', 'us per gradient', 'ms to compile'],
      timings.map((timing) => [
        timing.engine,
        timing.precision,
        timing.microsecondsPerGradient.toFixed(1),
        timing.compileMilliseconds.toFixed(0),
      ]),
    ),
  ].join('\n')
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`
}
