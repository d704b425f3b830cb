/**
 * `npm run check:sites`: trials fitted in processes of their own, one file each, pooled, and compared with `poolite run` on all data; what is altered, sent twice or of
 * another protocol is refused; values planted in the data are looked for in everything that was written or said. Exit status 1 when one line fails.
 */
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type CommandResult, folderWith, poolite, removeFolder } from './command.js'
import { siteCsv, siteProtocol, siteRows } from './site-trials.js'

const main = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url))

let failureCount = 0
function expect(isMet: boolean, what: string): void {
  if (!isMet) failureCount++
  process.stdout.write(`${isMet ? 'ok  ' : 'FAIL'} ${what}\n`)
}

/** A process of its own, as at a site. */
function inProcess(folder: string, words: readonly string[]): Promise<CommandResult & { seconds: number }> {
  const start = performance.now()
  const child = spawn(process.execPath, [main, ...words], {
    cwd: folder,
    env: { ...process.env, POOLITE_DEBUG: '' },
  })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  return new Promise((resolve) => {
    child.on('close', (status) => resolve({ status, stdout, stderr, seconds: (performance.now() - start) / 1000 }))
  })
}

interface Case {
  readonly name: string
  readonly trialCount: number
  readonly covariateCount: number
  readonly parts: Readonly<Record<string, string>>
  /** Bytes. */
  readonly largestFile: number
}

const cases: readonly Case[] = [
  { name: 'ten sites, ten covariates, hierarchical', trialCount: 10, covariateCount: 10, parts: {}, largestFile: 100e3 },
  {
    name: 'draws of the trials, hierarchical',
    trialCount: 4,
    covariateCount: 10,
    parts: { secondStage: '{ method: hierarchical, siteLikelihood: draws }' },
    largestFile: 2e6,
  },
  {
    name: 'weighted average of effects, auxiliary weights',
    trialCount: 4,
    covariateCount: 3,
    parts: { secondStage: '{ method: weighted-average }' },
    largestFile: 2e6,
  },
  {
    name: 'least squares, multivariate',
    trialCount: 4,
    covariateCount: 3,
    parts: { firstStage: '{ model: ordinary-least-squares }', secondStage: '{ method: multivariate }' },
    largestFile: 100e3,
  },
  {
    name: 'linear, multivariate',
    trialCount: 4,
    covariateCount: 3,
    parts: { secondStage: '{ method: multivariate }' },
    largestFile: 100e3,
  },
  {
    name: 'Gaussian processes, weighted average',
    trialCount: 3,
    covariateCount: 2,
    parts: {
      firstStage: '{ model: gaussian-process }',
      secondStage: '{ method: weighted-average }',
      inference: '{ seed: 3, chains: 2, warmup: 50, draws: 50 }',
    },
    largestFile: 2e6,
  },
  {
    name: 'trees whose model is released, mixture',
    trialCount: 3,
    covariateCount: 2,
    parts: {
      firstStage: '{ model: tree-ensemble, prognostic: { trees: 3 }, effect: { trees: 2 } }',
      secondStage: '{ method: mixture }',
      inference: '{ seed: 3, algorithm: laplace, draws: 200 }',
      disclosure: '{ release: model }',
    },
    largestFile: 2e6,
  },
  {
    name: 'ridge by NUTS',
    trialCount: 3,
    covariateCount: 2,
    parts: {
      firstStage: '{ model: linear, prior: normal, exact: false }',
      inference: '{ seed: 3, chains: 2, warmup: 300, draws: 300 }',
    },
    largestFile: 100e3,
  },
  {
    name: 'networks, effects of profiles',
    trialCount: 3,
    covariateCount: 2,
    parts: {
      firstStage: '{ model: neural-network }',
      secondStage: '{ method: weighted-average }',
      inference: '{ seed: 3, algorithm: laplace, draws: 200 }',
    },
    largestFile: 2e6,
  },
]

const canary = '31.4159265'

async function compare({ name, trialCount, covariateCount, parts, largestFile }: Case): Promise<string> {
  const rows = siteRows({ trialCount, patientCount: 120, covariateCount })
  const own = (trial: number) => siteCsv(rows.filter(({ study }) => study === `site-${trial + 1}`))
  const trials = Array.from({ length: trialCount }, (_, index) => index)
  const folder = folderWith({
    'all.csv': siteCsv(rows),
    'protocol.yaml': siteProtocol(covariateCount, trialCount, parts),
    ...Object.fromEntries(trials.map((trial) => [`data-${trial + 1}.csv`, own(trial)])),
  })
  const fits = []
  for (const trial of trials) {
    const names = [
      `data-${trial + 1}.csv`,
      '--study',
      `site-${trial + 1}`,
      '--out',
      `site-${trial + 1}.json`,
      '--ledger',
      `ledger-${trial + 1}`,
    ]
    fits.push(await inProcess(folder, ['site', 'fit', ...names, '--protocol', 'protocol.yaml', '--json']))
  }
  const failed = fits.find(({ status }) => status !== 0)
  expect(failed === undefined, `${name}: every site makes its file ${failed?.stderr ?? ''}`)
  // Given in the wrong order, to see that it does not matter.
  const files = trials.map((trial) => `site-${trial + 1}.json`).reverse()
  const pooled = await inProcess(folder, ['pool', ...files, '--protocol', 'protocol.yaml', '--out', 'pooled', '--quiet'])
  expect(pooled.status === 0, `${name}: the files are pooled ${pooled.status === 0 ? '' : pooled.stderr}`)
  const ran = await inProcess(folder, ['run', 'all.csv', '--protocol', 'protocol.yaml', '--out', 'ran', '--quiet'])
  expect(ran.status === 0, `${name}: run ${ran.status === 0 ? '' : ran.stderr}`)
  const read = (path: string) => readFileSync(join(folder, path), 'utf8')
  for (const path of ['draws/pooled.csv', 'summaries/pooled.csv', 'coefficients.csv'])
    expect(read(`pooled/${path}`) === read(`ran/${path}`), `${name}: ${path} is the same, byte for byte`)
  const profiles = (path: string) =>
    read(path)
      .split('\n')
      .filter((line) => line.startsWith('profile,'))
  expect(
    profiles('pooled/effects.csv').length > 0 && profiles('pooled/effects.csv').join() === profiles('ran/effects.csv').join(),
    `${name}: effects of the profiles are the same`,
  )
  const sizes = files.map((file) => statSync(join(folder, file)).size)
  expect(Math.max(...sizes) < largestFile, `${name}: the largest file has ${Math.max(...sizes)} bytes, under ${largestFile}`)
  const seconds = fits.map((fit) => fit.seconds.toFixed(1)).join(' ')
  process.stdout.write(`     site fit took ${seconds} s\n`)
  expect(
    !everything(folder, fits, pooled).includes('patient-7-'),
    `${name}: no patient is named in anything that was written or said`,
  )
  return folder
}

/** All that was said, and all files but the data, the ledger and what run wrote. */
function everything(folder: string, ...said: readonly (CommandResult | readonly CommandResult[])[]): string {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (path) => !/^(data-|all|ran|ledger|canary)/.test(path) && statSync(join(folder, path)).isFile(),
  )
  return [
    ...paths.map((path) => readFileSync(join(folder, path), 'utf8')),
    ...said.flat().flatMap(({ stdout, stderr }) => [stdout, stderr]),
  ].join('\n')
}

function refusals(folder: string): void {
  const pool = (...files: string[]) =>
    poolite(folder, 'pool', ...files, '--protocol', 'protocol.yaml', '--out', 'refused', '--quiet')
  const artefact = JSON.parse(readFileSync(join(folder, 'site-1.json'), 'utf8'))
  const refuses = (what: string, content: string, says: RegExp) => {
    writeFileSync(join(folder, 'other.json'), content)
    const { status, stderr } = pool('other.json', 'site-2.json', 'site-3.json')
    expect(status === 3 && says.test(stderr), `${what} is refused ${says.test(stderr) ? '' : stderr}`)
  }
  refuses('a changed estimate', JSON.stringify({ ...artefact, seed: artefact.seed + 1 }), /altered/)
  refuses('a cut file', JSON.stringify(artefact).slice(0, -100), /not JSON/)
  refuses('another version', JSON.stringify({ ...artefact, format: 'poolite-site-2' }), /poolite-site-2/)
  const twice = pool('site-1.json', 'site-2.json', 'site-1.json')
  expect(twice.status === 3 && /given already/.test(twice.stderr), 'a site sent twice is refused')
  writeFileSync(
    join(folder, 'protocol-2.yaml'),
    readFileSync(join(folder, 'protocol.yaml'), 'utf8').replace('seed: 3', 'seed: 4'),
  )
  poolite(
    folder,
    'site',
    'fit',
    'data-1.csv',
    '--protocol',
    'protocol-2.yaml',
    '--study',
    'site-1',
    '--out',
    'mixed.json',
    '--ledger',
    'ledger-1',
  )
  const mixed = pool('mixed.json', 'site-2.json')
  expect(mixed.status === 3 && /another protocol/.test(mixed.stderr), 'files of two protocols are refused')
}

/** Values that no output may hold, in data that are right and in data with faults. */
function canaries(folder: string): void {
  const clean = readFileSync(join(folder, 'data-1.csv'), 'utf8')
  const lines = clean.split('\n')
  const change = (row: number, column: number, value: string) =>
    lines
      .map((line, at) =>
        at === row
          ? line
              .split(',')
              .map((cell, index) => (index === column ? value : cell))
              .join(',')
          : line,
      )
      .join('\n')
  const planted: Record<string, string> = {
    'a rare outcome': change(7, 3, canary),
    'a rare covariate': change(7, 4, canary),
    'an unreadable outcome': change(7, 3, `x${canary}`),
    'an unknown arm': change(7, 2, `arm${canary}`),
    'a repeated identifier': `${clean}${lines[7].replace(/^([^,]*),[^,]*/, `$1,${canary}`)}\n${lines[8].replace(/^([^,]*),[^,]*/, `$1,${canary}`)}\n`,
    'no header': lines
      .slice(1)
      .join('\n')
      .replace(/^[^,]*,[^,]*/, `site-1,${canary}`),
    'a row too short': change(7, 3, `${canary}`).replace(lines[8], `site-1,${canary}`),
    'a quote that does not end': change(7, 3, `"${canary}`),
  }
  for (const [what, text] of Object.entries(planted)) {
    writeFileSync(join(folder, 'canary.csv'), text)
    const out = `out-${what.replaceAll(' ', '-')}.json`
    const said = poolite(
      folder,
      'site',
      'fit',
      'canary.csv',
      '--protocol',
      'protocol.yaml',
      '--study',
      'site-1',
      '--out',
      out,
      '--ledger',
      `canary-${out}`,
    )
    const found = everything(folder, said)
    expect(!found.includes('31.4159'), `canary, ${what} (exit status ${said.status}): nothing of it is written or said`)
  }
  writeFileSync(join(folder, 'leak.json'), `{"outcome": ${canary}}`)
  expect(everything(folder).includes('31.4159'), 'the search would find a value that leaked (negative control)')
}

const folders: string[] = []
for (const one of cases) folders.push(await compare(one))
const sampled = folders[cases.findIndex(({ name }) => name === 'ridge by NUTS')]
refusals(sampled)
canaries(sampled)
folders.forEach(removeFolder)
process.stdout.write(failureCount === 0 ? 'check:sites: all as it should be\n' : `check:sites: ${failureCount} failed\n`)
process.exitCode = failureCount === 0 ? 0 : 1
