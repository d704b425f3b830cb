import { readdirSync, readFileSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')
/** What .gitignore leaves out. */
const ignoredAnywhere = /^(node_modules|\.git|\.jupyter|\.ipynb_checkpoints|\.DS_Store)$|\.(tgz|log)$/
const ignoredAtTheRoot = /^(dist|docs|coverage|demo-output|out.*)$/

/** Every file of the project, relative to its root. */
function files(folder = root): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (ignoredAnywhere.test(entry.name) || (folder === root && ignoredAtTheRoot.test(entry.name))) return []
    const path = join(folder, entry.name)
    return entry.isDirectory() ? files(path) : [relative(root, path)]
  })
}

interface Convention {
  readonly title: string
  readonly appliesTo: RegExp
  /** Whether a line offends. */
  readonly offends: (line: string) => boolean
  /** Lines that must be caught, each put together here so that this file does not offend itself. */
  readonly offences: readonly string[]
  readonly harmless: readonly string[]
}

const typescript = /\.(ts|cjs|mjs|js)$/
const code = /^(src|models|diagnostics)\/.*\.ts$/
const isComment = (line: string): boolean => /^\s*(\/\/|\*|\/\*)/.test(line)
/** The line with what stands between quotes taken out; template literals stay, since they can call. */
const withoutStrings = (line: string): string => line.replace(/'[^']*'|"[^"]*"/g, "''")
/** A line may break a convention when it ends in a comment that says why. */
const saysWhy = (line: string): boolean => /\/\/ \S+ \S+ \S+/.test(line)

const mathRandom = ['Math', 'random'].join('.')
const tensorRandom = ['tf', 'randomNormal'].join('.')
const silencers = ['ignore', 'nocheck', 'expect-error'].map((word) => `@ts-${word}`)
const systemFolders = ['home', 'root', 'Users', 'work', 'mnt'].join('|')
const machinePath = new RegExp(`(^|[\\s'"\`(=])/(${systemFolders})/\\w|\\b[A-Z]:\\\\\\\\?\\w`)
const exportDefault = ['export', 'default'].join(' ')

const conventions: readonly Convention[] = [
  {
    title: 'randomness comes from a seeded stream, never from the platform or tfjs',
    appliesTo: typescript,
    offends: (line) =>
      !isComment(line) &&
      !saysWhy(line) &&
      /\bMath\s*\.\s*random\b|\btf\s*\.\s*(random|multinomial|truncatedNormal)/.test(withoutStrings(line)),
    offences: [
      `const u = ${mathRandom}()`,
      `f('a', ${mathRandom}(), 'b')`,
      `const source = ${mathRandom}`,
      `return ${tensorRandom}([2])`,
    ],
    harmless: [
      ` * Never ${mathRandom}.`,
      `reason: 'it calls ${mathRandom}'`,
      `expect(() => ${tensorRandom}([2])).toThrow() // negative control: must be refused`,
    ],
  },
  {
    title: 'what draws depend on is a power of 2 or a square where it is a power: JavaScript engines round others differently',
    appliesTo: /^(models|src\/(random|inference|numeric|transforms|language|effects))\/.*\.ts$/,
    offends: (line) =>
      !isComment(line) &&
      (/\bMath\s*\.\s*pow\b/.test(line) ||
        [...line.matchAll(/([\w.)\]]+)\s*\*\*=?\s*(\S+)/g)].some(
          ([, base, exponent]) => base !== '2' && !/^2(?![\w.])/.test(exponent),
        )),
    offences: ['const weight = count ** -0.75', 'x ** 3', '(a + b) ** 0.5', 'Math.pow(x, y)', 'x ** 2.5', 'x **= 4', '12 ** n'],
    harmless: ['x ** 2', '(a + b) ** 2)', 'const least = 2 ** -1000', ' * m^-kappa ** 3', 'depth: 2 ** depth'],
  },
  {
    title: 'no type error is silenced without a reason',
    appliesTo: typescript,
    offends: (line) =>
      silencers.some(
        (silencer) =>
          new RegExp(`${silencer}(?!\\s+\\S+\\s+\\S+)`).test(line) ||
          (!silencer.endsWith('error') && line.includes(`${silencer} `)),
      ),
    offences: silencers.map((silencer) => `// ${silencer}`).concat(`// ${silencers[0]} because I say so`),
    harmless: [`// ${silencers[2]} the type must refuse a misspelt option`],
  },
  {
    title: 'no test is skipped, singled out or left to do without a reason on its line',
    appliesTo: /^test\/.*\.ts$/,
    offends: (line) => !saysWhy(line) && /\b(it|test|describe)(\.\w+)*\.(skip|only|todo|fails)\b\s*[(.]/.test(line),
    offences: ['skip', 'only', 'todo'].map((verb) => `${['it', verb].join('.')}('a title', () => {})`),
    harmless: [
      "describe.skipIf(!existsSync(folder))('a title', () => {})",
      `${['it', 'skip'].join('.')}('a title') // needs tfjs 5 first`,
    ],
  },
  {
    title: 'no test asserts a constant',
    appliesTo: /^test\/.*\.ts$/,
    offends: (line) => /expect\((true|false|1|0)\)/.test(line),
    offences: [`expect(${String(true)}).toBe(true)`],
    harmless: ['expect(isTrue).toBe(true)'],
  },
  {
    title: 'no default exports',
    appliesTo: code,
    offends: (line) => /^\s*export\s+default\b|\bas\s+default\b/.test(line),
    offences: [`${exportDefault} function f() {}`, ['export { f as', 'default }'].join(' ')],
    harmless: ['export const defaultOptions = 1'],
  },
  {
    title: 'no path of one machine',
    appliesTo: /./,
    offends: (line) => machinePath.test(line) || line.includes(`${root}/`),
    offences: [`readFile('${['', 'home', 'ann', 'x.csv'].join('/')}')`, `cd ${root}/src`, ['C:', 'data', 'x.csv'].join('\\')],
    harmless: [
      "import { a } from '../../src/draws/a.js'",
      '#!/usr/bin/env node',
      'https://example.org/home/a',
      'see src/home/file',
    ],
  },
]

/** Files that are data or written by a tool, whose lines are not ours. */
const isForeign = (file: string): boolean => /^package-lock\.json$|\.(csv|parquet|png|woff2?)$/.test(file)

describe('conventions', () => {
  const all = files()

  it('are checked on the whole project', () => {
    expect(all.filter((file) => code.test(file)).length).toBeGreaterThan(20)
    expect(all).toContain('test/contract/conventions.test.ts')
  })

  describe.each(conventions)('$title', ({ appliesTo, offends, offences, harmless }) => {
    it('holds', () => {
      const found = all
        .filter((file) => appliesTo.test(file) && !isForeign(file))
        .flatMap((file) =>
          readFileSync(join(root, file), 'utf8')
            .split('\n')
            .flatMap((line, index) => (offends(line) ? [`${file}:${index + 1} ${line.trim().slice(0, 120)}`] : [])),
        )
      expect(found).toEqual([])
    })
    it.each(offences)('catches: %s', (line) => {
      expect(offends(line)).toBe(true)
    })
    it.each(harmless)('allows: %s', (line) => {
      expect(offends(line)).toBe(false)
    })
  })

  describe('file names are kebab-case', () => {
    const isKebabCase = (file: string): boolean =>
      /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*(\.R)?$/.test(basename(file))
    const tops = /^(src|models|diagnostics|test|notebooks)\//
    /** Called as posteriordb calls its models. */
    const namedElsewhere = /^test\/acceptance\/posteriordb\//
    it('holds', () => {
      const named = all.filter((file) => tops.test(file) && !namedElsewhere.test(file) && !/^README\.md$/.test(basename(file)))
      expect(named.filter((file) => !isKebabCase(file))).toEqual([])
    })
    it.each(['src/runChains.ts', 'src/run_chains.ts', 'src/Run.ts', 'src/-run.ts'])('catches %s', (file) => {
      expect(isKebabCase(file)).toBe(false)
    })
  })

  describe('package-lock.json holds no download addresses', () => {
    const addresses = (text: string): number => text.split('\n').filter((line) => /^\s*"resolved":/.test(line)).length
    it('holds', () => {
      const text = readFileSync(resolve(root, 'package-lock.json'), 'utf8')
      expect(Object.keys(JSON.parse(text).packages).length).toBeGreaterThan(10)
      expect(addresses(text)).toBe(0)
    })
    it('can fail', () => {
      expect(addresses('{\n  "resolved": "https://registry.example/a.tgz"\n}')).toBe(1)
    })
  })

  describe('scripts call the TypeScript of this project', () => {
    // tslab brings an older compiler under the same command name.
    const isBare = (script: string): boolean => /(^|[;&|]\s*)(npx )?tsc\b/.test(script)
    it('holds', () => {
      const { scripts } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8'))
      expect(Object.values<string>(scripts).filter(isBare)).toEqual([])
      expect(Object.values<string>(scripts).filter((script) => script.includes('typescript/bin/tsc')).length).toBeGreaterThan(0)
    })
    it.each(['tsc -p tsconfig.json', 'x && tsc', 'npx tsc'])('catches %s', (script) => {
      expect(isBare(script)).toBe(true)
    })
  })
})
