/**
 * Runs every case of a kit of reference results and writes ours in the layout that the kit's compare.mjs reads.
 *
 *     npm run acceptance -- <kit> <results> [--only suite,...] [--cases text] [--models folder] [--chains n] [--warmup n] [--draws n] [--seed n]
 *
 * `--cases` runs those whose line of the report would begin with that text, such as `hahn_nonlinear gaussian`.
 * A case is data: a kit of the same layout with other cases needs no change here. A suite is one file in `suites/`.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { names } from './kit.js'
import type { SamplerSettings, Suite, SuiteContext } from './suite.js'

const USAGE =
  'usage: npm run acceptance -- <kit> <results> [--only suite,...] [--cases text] [--models folder] [--chains n] [--warmup n] [--draws n] [--seed n]'
const INTEGER_OPTIONS = ['chains', 'warmup', 'draws', 'seed'] as const

export interface RunOptions {
  readonly kit: string
  readonly results: string
  readonly only?: readonly string[]
  /** What the names of cases begin with; all when absent. */
  readonly cases?: string
  readonly models?: string
  readonly settings: SamplerSettings
  /** One line per case; the console when absent. */
  readonly report?: (line: string) => void
}

/** Runs all suites, or those named, and returns the reason for each failure. */
export async function runAcceptance({
  kit,
  results,
  only,
  cases = '',
  models,
  settings,
  report = console.log,
}: RunOptions): Promise<string[]> {
  if (names(kit).length === 0) throw new Error(`no kit in ${kit}: the folder is empty or does not exist`)
  const suites = await discoverSuites()
  const unknown = only?.find((name) => !suites.some((suite) => suite.name === name))
  if (unknown) throw new Error(`no suite "${unknown}"; there are ${suites.map(({ name }) => name).join(', ')}`)
  const failures: string[] = []
  const attempt = async (label: string, work: () => Promise<string> | string) => {
    try {
      report(`${label}: ${await work()}`)
    } catch (error) {
      failures.push(`${label}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  for (const suite of suites.filter(({ name }) => only?.includes(name) ?? true)) {
    const context: SuiteContext = {
      kit,
      settings,
      ...(models === undefined ? {} : { models }),
      write: (path, value) => writeResult(join(results, path), value),
      attempt: async (name, work) => {
        if (name.startsWith(cases)) await attempt(`${suite.name} ${name}`, work)
      },
    }
    await suite.run(context)
  }
  return failures
}

async function discoverSuites(): Promise<Suite[]> {
  const folder = new URL('suites/', import.meta.url)
  return Promise.all(
    names(fileURLToPath(folder), /\.ts$/).map(
      async (file) => ((await import(new URL(file, folder).href)) as { suite: Suite }).suite,
    ),
  )
}

function writeResult(path: string, value: unknown): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, typeof value === 'string' ? value : `${JSON.stringify(value, undefined, 1)}\n`)
}

function parseCommandLine(): RunOptions | undefined {
  const options = Object.fromEntries(
    ['only', 'cases', 'models', ...INTEGER_OPTIONS].map((name) => [name, { type: 'string' }] as const),
  )
  const { positionals, values } = parseArgs({ allowPositionals: true, options })
  const [kit, results] = positionals
  if (!kit || !results) return undefined
  const integers = INTEGER_OPTIONS.flatMap((name) => {
    const text = values[name]
    return text === undefined ? [] : [[name, integer(name, text)] as const]
  })
  return {
    kit: resolve(kit),
    results: resolve(results),
    ...(values.only === undefined ? {} : { only: values.only.split(',') }),
    ...(values.cases === undefined ? {} : { cases: values.cases }),
    ...(values.models === undefined ? {} : { models: resolve(values.models) }),
    settings: { seed: 1, ...Object.fromEntries(integers) },
  }
}

function integer(name: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`--${name} ${text}: give a whole number`)
  return Number(text)
}

async function main(): Promise<number> {
  try {
    const options = parseCommandLine()
    if (!options) throw new Error(USAGE)
    const failures = await runAcceptance(options)
    for (const failure of failures) console.error(failure)
    return failures.length > 0 ? 1 : 0
  } catch (error) {
    console.error((error as Error).message)
    return 2
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main()
