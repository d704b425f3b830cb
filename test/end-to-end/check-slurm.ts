/**
 * A study as a Slurm array on a cluster of one node, this machine, compared byte for byte with the same study without Slurm: `npm run check:slurm`. Installs Debian's packages where they are missing
 * (as root), keeps everything of the cluster in a temporary folder, listens on loopback only, and ends only the processes that it started. One task is killed on the way, and the array submitted again.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const cluster = mkdtempSync(join(tmpdir(), 'poolite-slurm-'))
const programs = ['sbatch', 'squeue', 'scancel', 'sinfo', 'slurmctld', 'slurmd', 'munged']
const packages = ['slurmctld', 'slurmd', 'slurm-client', 'munge']
const started: ChildProcess[] = []

const isInstalled = (program: string) =>
  ['/usr/bin', '/usr/sbin', '/bin', '/sbin'].some((folder) => existsSync(join(folder, program)))
const say = (text: string) => void process.stderr.write(`check:slurm: ${text}\n`)
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** Without starting the services that come with the packages. */
function install(): void {
  if (programs.every(isInstalled)) return
  say(`installing ${packages.join(', ')}`)
  const policy = '/usr/sbin/policy-rc.d'
  const isOurs = !existsSync(policy)
  if (isOurs) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const options = { env: environment, stdio: ['ignore', 'ignore', 'inherit'] as ['ignore', 'ignore', 'inherit'] }
    execFileSync('apt-get', ['update', '-qq'], options)
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], options)
  } finally {
    if (isOurs) rmSync(policy)
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}

async function configuration(): Promise<string> {
  const [controller, node] = [await freePort(), await freePort()]
  const name = hostname().split('.')[0]
  return `ClusterName=poolite
SlurmctldHost=${name}(127.0.0.1)
SlurmctldPort=${controller}
SlurmdPort=${node}
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
AuthType=auth/munge
AuthInfo=socket=${cluster}/munge/socket
CredType=cred/munge
SlurmUser=root
SlurmdUser=root
StateSaveLocation=${cluster}/state
SlurmdSpoolDir=${cluster}/spool
SlurmctldPidFile=${cluster}/slurmctld.pid
SlurmdPidFile=${cluster}/slurmd.pid
SlurmctldLogFile=${cluster}/slurmctld.log
SlurmdLogFile=${cluster}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=sched_interval=2
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
ReturnToService=2
NodeName=${name} NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`
}

function start(program: string, words: readonly string[], environment: NodeJS.ProcessEnv): void {
  const child = spawn(program, words, { env: environment, stdio: 'ignore' })
  child.on('error', (error) => say(`${program}: ${error.message}`))
  started.push(child)
}

async function startCluster(): Promise<NodeJS.ProcessEnv> {
  const path = `${process.env.PATH}:/usr/sbin:/sbin`
  const environment = { ...process.env, PATH: path, SLURM_CONF: join(cluster, 'slurm.conf') }
  chmodSync(cluster, 0o755)
  for (const folder of ['munge', 'state', 'spool']) mkdirSync(join(cluster, folder), { mode: 0o755 })
  const key = join(cluster, 'munge', 'key')
  writeFileSync(key, randomBytes(128), { mode: 0o600 })
  writeFileSync(environment.SLURM_CONF, await configuration())
  const files = ['socket', 'pid', 'log', 'seed'].map((what) => {
    const option = { socket: 'socket', pid: 'pid-file', log: 'log-file', seed: 'seed-file' }[what]
    return `--${option}=${join(cluster, 'munge', what)}`
  })
  start('munged', ['--foreground', '--force', `--key-file=${key}`, ...files], environment)
  await pause(1000)
  start('slurmctld', ['-D', '-f', environment.SLURM_CONF], environment)
  start('slurmd', ['-D', '-f', environment.SLURM_CONF], environment)
  for (let attempt = 0; attempt < 60; attempt++) {
    await pause(1000)
    if (output('sinfo', ['-h', '-o', '%T'], environment).trim() === 'idle') return environment
  }
  for (const log of ['slurmctld.log', 'slurmd.log', 'munge/log'])
    if (existsSync(join(cluster, log))) say(`${log}:\n${readFileSync(join(cluster, log), 'utf8').slice(-2000)}`)
  throw new Error('the cluster did not become ready in a minute')
}

function output(program: string, words: readonly string[], environment: NodeJS.ProcessEnv): string {
  try {
    return execFileSync(program, words, { env: environment, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  } catch {
    return ''
  }
}

const study = [
  ...[
    '--scenarios',
    'linear-small-trials-small',
    '--replicates',
    '2',
    '--methods',
    'ols/fixed,ols/auxiliary,bayes-linear/hierarchical',
  ],
  ...['--people', '50', '--chains', '1', '--warmup', '100', '--draws', '100'],
]

/** @returns what it printed */
function poolite(words: readonly string[], environment: NodeJS.ProcessEnv): string {
  const command = ['--import', 'tsx', join(root, 'src/cli/main.ts'), 'simulate', ...words]
  return execFileSync(process.execPath, command, {
    cwd: root,
    env: environment,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

async function submitAndWait(out: string, environment: NodeJS.ProcessEnv, isKilled: boolean): Promise<void> {
  const text = poolite(['submit', ...study, '--tasks', '3', '--out', out, '--json'], environment)
  const { job } = JSON.parse(text.trim().split('\n').at(-1)!) as { job: string }
  say(`job ${job}`)
  const inQueue = () => output('squeue', ['-h', '-j', job, '-o', '%i'], environment).trim() !== ''
  let isSent = !isKilled
  for (let second = 0; second < 300 && inQueue(); second++) {
    await pause(1000)
    if (isSent || !existsSync(join(out, 'parts', 'records-1-of-3.jsonl'))) continue
    output('scancel', ['--signal=KILL', '--full', `${job}_1`], environment)
    say('task 1 is killed')
    isSent = true
  }
  if (inQueue()) throw new Error('the job did not end in five minutes')
}

async function check(): Promise<void> {
  install()
  const environment = await startCluster()
  say('the cluster is ready')
  const [byArray, here] = ['array', 'here'].map((name) => join(cluster, name))
  await submitAndWait(byArray, environment, true)
  await submitAndWait(byArray, environment, false)
  poolite(['merge', byArray], environment)
  poolite([...study, '--out', here, '--workers', '1', '--brief', '--quiet'], environment)
  const [left, right] = [byArray, here].map((folder) => readFileSync(join(folder, 'records.jsonl'), 'utf8'))
  if (left !== right) throw new Error('the records of the array differ from those of one process')
  say(`${left.split('\n').length - 1} records, the same byte for byte as without Slurm`)
}

/** In reverse order, politely first. */
async function stopCluster(): Promise<void> {
  for (const child of started.reverse()) {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    if (child.exitCode !== null || child.signalCode !== null || !child.kill('SIGTERM')) continue
    await Promise.race([ended, pause(10_000)])
    child.kill('SIGKILL')
  }
}

check()
  .catch((error: unknown) => {
    say(error instanceof Error ? error.message : String(error))
    process.exitCode = 1
  })
  .finally(async () => {
    await stopCluster()
    rmSync(cluster, { recursive: true, force: true })
  })
