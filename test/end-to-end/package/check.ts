/**
 * `npm run check:package`: the package as it would be published, in an empty folder. publint and arethetypeswrong find nothing, its types serve old and new
 * compilers, and its command and its library run. Planted faults must be found. Exit status 1 when one line fails.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { call } from '../call.js'
import { pack } from './pack.js'
import { compilers, typeProblems } from './type-check.js'

const root = fileURLToPath(new URL('../../..', import.meta.url))

let failureCount = 0
function expect(what: string, problems: readonly string[]): void {
  if (problems.length > 0) failureCount++
  process.stdout.write(`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${what}\n`)
  for (const problem of problems.slice(0, 10)) process.stdout.write(`     ${problem.replaceAll('\n', '\n     ')}\n`)
}
const expectFault = (what: string, problems: readonly string[]) =>
  expect(`${what} is found (negative control)`, problems.length > 0 ? [] : ['nothing was found'])

/** Suggestions aside: the map for browsers swaps one file, which conditions of exports could do only for an entry. */
async function publintProblems(archive: string): Promise<string[]> {
  const content = readFileSync(archive)
  const tarball = content.buffer.slice(content.byteOffset, content.byteOffset + content.byteLength) as ArrayBuffer
  const { messages, pkg } = await publint({ pack: { tarball }, level: 'warning', strict: true })
  return messages.map((message) => formatMessage(message, pkg) ?? message.code)
}

/** ESM only: Node loads it through `require` too since 20.19, so that rule alone is off. */
function typesProblems(archive: string): string[] {
  const entries = ['models/first-stage/linear', 'models/pooling/hierarchical', 'models/priors/laplace']
  const rules = [
    '--ignore-rules',
    'cjs-resolves-to-esm',
    '--exclude-entrypoints',
    'models/*',
    '--include-entrypoints',
    ...entries,
  ]
  const commandLine = [join(root, 'node_modules/.bin/attw'), archive, '--format', 'ascii', '--no-color', ...rules]
  const { status, stdout, stderr } = spawnSync(process.execPath, commandLine, { encoding: 'utf8' })
  return status === 0 ? [] : [stdout + stderr]
}

/** The same archive with a package.json that was changed. */
function altered(archive: string, folder: string, change: (manifest: Record<string, unknown>) => void): string {
  mkdirSync(folder)
  call('tar', ['-xzf', archive], folder)
  const path = join(folder, 'package/package.json')
  const manifest = JSON.parse(readFileSync(path, 'utf8'))
  change(manifest)
  writeFileSync(path, JSON.stringify(manifest))
  call('tar', ['-czf', 'altered.tgz', 'package'], folder)
  return join(folder, 'altered.tgz')
}

function attempt(work: () => void): string[] {
  try {
    work()
    return []
  } catch (error) {
    return [String(error)]
  }
}

async function check(folder: string): Promise<void> {
  const archive = pack(root, folder)
  expect(`packed, ${(statSync(archive).size / 1e6).toFixed(1)} MB`, [])
  expect('publint finds nothing', await publintProblems(archive))
  expect('arethetypeswrong finds nothing', typesProblems(archive))
  const broken = altered(archive, join(folder, 'altered'), (manifest) => {
    manifest.exports = { '.': { types: './dist/nowhere.d.ts', default: './dist/nowhere.js' } }
    delete manifest.types
  })
  expectFault('an entry that is not there', await publintProblems(broken))
  expectFault('a package without types', typesProblems(broken))

  const project = join(folder, 'project')
  cpSync(join(root, 'test/end-to-end/package/consumer'), project, { recursive: true })
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }\n')
  const install = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--no-save', '--silent']
  const typesOfNode = `@types/node@${JSON.parse(readFileSync(join(root, 'node_modules/@types/node/package.json'), 'utf8')).version}`
  expect(
    'installs in an empty folder',
    attempt(() => call('npm', [...install, archive, typesOfNode], project)),
  )
  const main = join(project, 'main.ts')
  const faulty = join(project, 'faulty.ts')
  writeFileSync(faulty, "import { normal } from 'poolite'\nexport const wrong: string = normal(0, 1)\n")
  for (const compiler of compilers) {
    const problems = typeProblems(compiler, main, faulty)
    expect(`${compiler.name}: types`, problems.package)
    expectFault(`${compiler.name}: a planted fault`, problems.planted)
  }

  const demo = ['poolite', 'demo', '--out', 'results']
  expect(
    'npx poolite demo writes its report',
    attempt(() => {
      call('npx', ['--offline', ...demo], project)
      statSync(join(project, 'results/report.html'))
    }),
  )
  expect(
    'a program with the library runs',
    attempt(() => {
      const data = join(project, 'node_modules/poolite/notebooks/data')
      const { transpile, ModuleKind, ScriptTarget } = compilers[0].typescript
      const options = { module: ModuleKind.ESNext, target: ScriptTarget.ES2022 }
      writeFileSync(join(project, 'main.js'), transpile(readFileSync(main, 'utf8'), options))
      const program = `import('./main.js').then(({ main }) => main(${JSON.stringify(data)}))`
      call(process.execPath, ['--input-type=module', '--eval', program], project)
    }),
  )
}

const folder = mkdtempSync(join(tmpdir(), 'poolite-package-'))
try {
  await check(folder)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.stdout.write(failureCount === 0 ? 'check:package: all as it should be\n' : `check:package: ${failureCount} failed\n`)
process.exitCode = failureCount === 0 ? 0 : 1
