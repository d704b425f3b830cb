import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import ts from 'typescript'
import { parse, stringify } from 'yaml'
import type { Example } from './extract-examples.js'

/** `expression // => text`: what the expression must print, numbers to as many decimals as are written. */
const expectation = /^(\s*)(\S.*?)\s*\/\/ => (.*)$/gm

const prelude = `import { inspect as __inspect } from 'node:util'
function __expect(value, text) {
  const decimals = /\\.(\\d+)$/.exec(text)?.[1].length ?? 0
  const found = typeof value === 'number' && Number.isFinite(value) ? value.toFixed(decimals) : typeof value === 'string' ? value : __inspect(value)
  if (found !== text) throw new Error('expected ' + text + ', found ' + found)
}
`

const runner = `const failures = {}
console.log = () => {}
for (const [place, file] of JSON.parse(process.argv[2])) {
  try { await import(file) } catch (error) { failures[place] = String(error?.stack ?? error) }
}
process.stdout.write(JSON.stringify(failures))
process.exit(0)
`

/**
 * Runs the examples one after another, in a folder that holds what the README speaks of: \`trials.csv\` and \`protocol.yaml\` (the bundled example).
 * @returns what went wrong, by place
 */
export function runErrors(root: string, examples: readonly Example[]): Map<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'poolite-examples-'))
  try {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    copyFileSync(join(root, 'notebooks/data/example-trials.csv'), join(folder, 'trials.csv'))
    writeFileSync(
      join(folder, 'protocol.yaml'),
      smallProtocol(readFileSync(join(root, 'notebooks/data/example-protocol.yaml'), 'utf8')),
    )
    const files = examples.map(({ place, code }, index) => {
      const file = join(folder, `example-${index}.mjs`)
      writeFileSync(file, prelude + toModule(root, code))
      return [place, pathToFileURL(file).href]
    })
    writeFileSync(join(folder, 'run.mjs'), runner)
    const words = ['--import', import.meta.resolve('tsx'), join(folder, 'run.mjs'), JSON.stringify(files)]
    const { stdout, stderr } = spawnSync(process.execPath, words, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 26 })
    if (!stdout.startsWith('{')) throw new Error(`The examples did not run: ${stderr}`)
    return new Map(Object.entries(JSON.parse(stdout) as Record<string, string>))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The bundled protocol with fewer covariates and draws, so that an example takes a second or two. */
function smallProtocol(text: string): string {
  const protocol = parse(text) as { covariates: { name: string }[]; profiles: { covariates: Record<string, number> }[] }
  const kept = ['baseline_severity', 'anxiety_score', 'smoker']
  return stringify({
    ...protocol,
    covariates: protocol.covariates.filter(({ name }) => kept.includes(name)),
    profiles: protocol.profiles.map(({ covariates, ...profile }) => ({
      ...profile,
      covariates: Object.fromEntries(Object.entries(covariates).filter(([name]) => kept.includes(name))),
    })),
    secondStage: { method: 'hierarchical', heterogeneity: 'random-effect' },
    inference: { seed: 1, chains: 2, warmup: 200, draws: 300 },
  })
}

function toModule(root: string, code: string): string {
  const checked = code.replace(
    expectation,
    (_, indent, expression, text) => `${indent}__expect(${expression}, ${JSON.stringify(text)})`,
  )
  const { outputText } = ts.transpileModule(checked, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
  })
  const at = (path: string) => pathToFileURL(join(root, path)).href
  return outputText
    .replace(/from 'poolite'/g, `from '${at('src/index.ts')}'`)
    .replace(/from 'poolite\/(models\/[\w/-]+)'/g, (_, path) => `from '${at(`${path}.ts`)}'`)
}
