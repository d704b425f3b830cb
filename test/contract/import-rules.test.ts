import { spawnSync } from 'node:child_process'
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folders = ['src', 'models', 'diagnostics']

interface CruiseResult {
  readonly modules: readonly { source: string }[]
  readonly summary: { violations: readonly { from: string; to: string; rule: { name: string } }[] }
}

/** `npm run check:imports` in that folder, with another form of output. */
function checkImports(folder: string, outputType: 'json' | 'err') {
  const script = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
  const commandLine = [script, '--config', '.dependency-cruiser.cjs', ...folders, '--output-type', outputType]
  return spawnSync(process.execPath, commandLine, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 26 })
}

const cruise = (folder: string): CruiseResult => JSON.parse(checkImports(folder, 'json').stdout)

const typescriptFiles = (folder: string): string[] =>
  folders
    .flatMap((name) => readdirSync(join(folder, name), { recursive: true, encoding: 'utf8' }).map((file) => `${name}/${file}`))
    .filter((file) => file.endsWith('.ts'))

type ImportKind = 'value' | 'type' | 'mixed'

/** A file that imports `from` in that way; every file in the planted set exports `planted` and `Planted`. */
function source(from: string, kind: ImportKind): string {
  const isPackage = !from.startsWith('.')
  const statement = {
    value: isPackage ? `import * as other from '${from}'` : `import { planted as other } from '${from}'`,
    type: isPackage ? `import type * as Other from '${from}'` : `import { type Planted as Other } from '${from}'`,
    mixed: `import { type Planted as Other, planted as other } from '${from}'`,
  }[kind]
  const own =
    kind === 'type'
      ? 'export type Planted = Other\nexport const planted = 1'
      : 'export type Planted = 1\nexport const planted = () => other'
  return `${statement}\n${own}\n`
}

/** The rule that must report a file, the file, what it imports and how. */
const plants: readonly (readonly [rule: string, file: string, from: string, kind: ImportKind])[] = [
  ['errors-stand-alone', 'src/errors/planted.ts', '../numeric/target.js', 'value'],
  ['numeric-and-random-are-ground', 'src/numeric/planted.ts', '../data/target.js', 'value'],
  ['numeric-and-random-are-ground', 'src/random/planted.ts', '../data/target.js', 'type'],
  ['numeric-and-random-see-no-tensor', 'src/random/planted-tensor.ts', '@tensorflow/tfjs', 'value'],
  ['ground-takes-types-of-the-contract', 'src/random/planted-contract.ts', '../contract/target.js', 'value'],
  ['contract-is-types', 'src/contract/planted.ts', '../data/target.js', 'value'],
  ['contract-is-types', 'src/contract/planted-mixed.ts', '../data/target.js', 'mixed'],
  ['draws-stand-on-types', 'src/draws/planted.ts', '../data/target.js', 'value'],
  ['draws-see-no-tensor', 'src/draws/planted-tensor.ts', '@tensorflow/tfjs', 'type'],
  ['distributions-and-transforms-know-no-model', 'src/distributions/planted.ts', '../data/target.js', 'value'],
  ['distributions-and-transforms-know-no-model', 'src/transforms/planted.ts', '../language/target.js', 'value'],
  ['inference-knows-the-log-density-only', 'src/inference/planted.ts', '../data/target.js', 'type'],
  ['inference-reaches-no-tensor', 'src/inference/planted-tensor.ts', '../numeric/reach.js', 'value'],
  ['language-binds-models-to-data', 'src/language/planted.ts', '../data/target.js', 'value'],
  ['engine-knows-no-model', 'src/engine/planted.ts', '../language/target.js', 'value'],
  ['models-are-not-fitted-here', 'models/first-stage/planted.ts', '../../diagnostics/convergence/target.js', 'value'],
  ['models-are-not-fitted-here', 'models/pooling/planted.ts', '../../src/inference/target.js', 'type'],
  ['diagnostics-reach-no-tensor', 'diagnostics/convergence/planted.ts', '../../src/numeric/reach.js', 'value'],
  ['diagnostics-reach-no-tensor', 'diagnostics/predictive/planted.ts', '@tensorflow/tfjs', 'type'],
  ['diagnostics-judge-draws-only', 'diagnostics/convergence/planted-inference.ts', '../../src/inference/target.js', 'type'],
  ['site-fits-nothing', 'src/site/planted-tensor.ts', '@tensorflow/tfjs', 'value'],
  ['site-fits-nothing', 'src/site/planted-sampler.ts', '../inference/target.js', 'type'],
  ['report-reaches-no-tensor-or-sampler', 'src/report/planted.ts', '../numeric/reach.js', 'value'],
  ['report-reaches-no-tensor-or-sampler', 'src/report/planted-sampler.ts', '../inference/target.js', 'type'],
  ['node-only-at-the-edge', 'src/data/planted.ts', 'node:fs', 'value'],
  ['node-only-at-the-edge', 'src/planted.ts', 'fs', 'value'],
  ['node-on-demand', 'src/planted-pool.ts', './fitting/worker-pool.js', 'value'],
  ['worker-reaches-no-tensor-or-model', 'src/fitting/worker.ts', '../numeric/reach.js', 'value'],
  ['worker-reaches-no-printer', 'src/fitting/worker.ts', '../numeric/reach-printer.js', 'value'],
  ['fitting-knows-one-model', 'src/fitting/planted.ts', '../stages/target.js', 'value'],
  ['stages-are-not-judged-here', 'src/stages/planted.ts', '../criticism/target.js', 'type'],
  ['roof-is-not-ground', 'src/effects/planted.ts', '../planted.js', 'value'],
  ['roof-is-not-ground', 'src/site/planted-fit.ts', '../stages/target.js', 'value'],
  ['nobody-imports-the-command-line', 'src/effects/planted-cli.ts', '../cli/target.js', 'value'],
  ['no-cycles', 'src/simulation/planted-cycle.ts', './planted-other.js', 'value'],
  ['everything-resolves', 'src/site/planted.ts', './not-there.js', 'value'],
]

/** Imports that the rules allow and must not report. */
const allowed: readonly (readonly [file: string, from: string, kind: ImportKind])[] = [
  ['src/contract/allowed.ts', '../data/target.js', 'type'],
  ['src/draws/allowed.ts', '../contract/target.js', 'type'],
  ['src/random/allowed.ts', '../contract/target.js', 'type'],
  ['src/fitting/worker-allowed.ts', 'node:worker_threads', 'value'],
  ['src/pool-allowed.ts', './fitting/worker-pool.js', 'type'],
  ['src/cli/allowed.ts', 'node:fs', 'value'],
  ['src/cli/allowed-roof.ts', '../planted.js', 'value'],
]

const targetFolders = [
  'src/numeric',
  'src/data',
  'src/contract',
  'src/language',
  'src/inference',
  'src/stages',
  'src/criticism',
  'src/cli',
  'diagnostics/convergence',
]
const targets: readonly (readonly [file: string, text: string])[] = [
  ...targetFolders.map(
    (folder) => [`${folder}/target.ts`, 'export type Planted = number\nexport const planted: Planted = 1\n'] as const,
  ),
  ['src/numeric/reach.ts', source('@tensorflow/tfjs', 'value')],
  ['src/numeric/reach-printer.ts', "export { printWebAssembly as planted } from '../engine/webassembly/print-webassembly.js'\n"],
  ['src/simulation/planted-other.ts', source('./planted-cycle.js', 'value')],
]

function write(folder: string, file: string, text: string): void {
  const path = join(folder, file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

describe('the import rules', () => {
  it('hold in the repository, and every TypeScript file was looked at', () => {
    const result = cruise(root)
    expect(result.summary.violations.map(({ from, to, rule }) => `${rule.name}: ${from} -> ${to}`)).toEqual([])
    const seen = new Set(result.modules.map((module) => module.source))
    expect(typescriptFiles(root).filter((file) => !seen.has(file))).toEqual([])
    expect(seen.size).toBeGreaterThan(20)
  })

  describe('can fail: in a copy with a planted offence each', () => {
    let copy: string
    let planted: CruiseResult

    const rulesBrokenBy = (file: string) =>
      planted.summary.violations.filter(({ from }) => from === file).map((violation) => violation.rule.name)

    beforeAll(() => {
      copy = mkdtempSync(join(tmpdir(), 'poolite-import-rules-'))
      for (const name of [...folders, 'tsconfig.json', 'package.json', '.dependency-cruiser.cjs'])
        cpSync(join(root, name), join(copy, name), { recursive: true })
      symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
      for (const [file, text] of targets) write(copy, file, text)
      for (const [file, from, kind] of allowed) write(copy, file, source(from, kind))
      for (const [index, [, file, from, kind]] of plants.entries())
        if (plants.findIndex(([, other]) => other === file) === index) write(copy, file, source(from, kind))
        else appendFileSync(join(copy, file), `import '${from}'\n`)
      planted = cruise(copy)
    })
    afterAll(() => {
      if (existsSync(copy)) rmSync(copy, { recursive: true, force: true })
    })

    it('the check exits with an error', () => {
      expect(checkImports(copy, 'err').status).toBeGreaterThan(0)
    })

    it.each(plants)('%s reports %s', (rule, file) => {
      expect(rulesBrokenBy(file)).toContain(rule)
    })

    it('every rule has a plant', async () => {
      const { default: config } = await import(join(root, '.dependency-cruiser.cjs'))
      const names: string[] = config.forbidden.map((rule: { name: string }) => rule.name)
      expect(names.filter((name) => !plants.some(([rule]) => rule === name))).toEqual([])
    })

    it.each(allowed)('%s may import %s (%s)', (file) => {
      expect(rulesBrokenBy(file)).toEqual([])
    })
  })
})
