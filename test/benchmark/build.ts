/** What is measured is compiled JavaScript, as users get it: a TypeScript loader would slow our start and our worker threads. */
import { spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const COMPILER = join(createRequire(import.meta.url).resolve('typescript'), '../../bin/tsc')
const PROJECT = fileURLToPath(new URL('./tsconfig.json', import.meta.url))
const OUTPUT = fileURLToPath(new URL('../../node_modules/.cache/poolite-benchmark/', import.meta.url))

/** Compiles the sources and this folder; returns the path of the compiled `ours.ts`. @throws Error with the compiler's output. */
export function buildOurs(): string {
  rmSync(OUTPUT, { recursive: true, force: true })
  const run = spawnSync(process.execPath, [COMPILER, '-p', PROJECT], { encoding: 'utf8' })
  if (run.status !== 0) throw new Error(`the benchmark does not compile:\n${run.stdout}`)
  writeFileSync(join(OUTPUT, 'package.json'), JSON.stringify({ type: 'module' }))
  return join(OUTPUT, 'test/benchmark/ours.js')
}
