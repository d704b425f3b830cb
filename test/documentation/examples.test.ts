import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { allExamples, type Example, examplesOfPage, examplesOfSource } from './extract-examples.js'
import { runErrors } from './run-examples.js'
import { typeErrors } from './type-check.js'

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')

/** Each must be caught, and by the stage that is named. */
const planted: readonly (Example & { readonly caughtBy: 'types' | 'run' })[] = [
  { place: 'a name that does not exist', code: "import { noSuchName } from 'poolite'\nnoSuchName()\n", caughtBy: 'types' },
  { place: 'an option that does not exist', code: "import { stream } from 'poolite'\nstream('one')\n", caughtBy: 'types' },
  { place: 'an error when it runs', code: "import { readTable } from 'poolite'\nreadTable('', 'empty.csv')\n", caughtBy: 'run' },
  { place: 'another number than it says', code: 'const one = 1\none + 1 // => 3\n', caughtBy: 'run' },
]
const sound: Example = {
  place: 'a sound one',
  code: "import { asText } from 'poolite'\nasText('words') // => words\n2 / 3 // => 0.67\n",
}

const examples = allExamples(root)
const all = [...examples, ...planted, sound]
const faults = {
  types: typeErrors(root, all),
  run: runErrors(
    root,
    all.filter(({ place }) => !planted.some((one) => one.place === place && one.caughtBy === 'types')),
  ),
}

describe('examples of the documentation', () => {
  it('are found in the README, in pages and in doc comments', () => {
    for (const source of ['README.md', 'src/guides/', '.ts:'])
      expect(examples.some(({ place }) => place.includes(source))).toBe(true)
  })
  it('none is left out: after every @example comes a block', () => {
    const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
    const bare = sources.filter((file) => /@example\n(?! \* ```ts\n)/.test(readFileSync(join(root, 'src', file), 'utf8')))
    expect(bare).toEqual([])
  })
  it.each(examples)('$place has the right types and runs', ({ place }) => {
    expect(faults.types.get(place)).toBeUndefined()
    expect(faults.run.get(place)).toBeUndefined()
  })
})

describe('the check of examples', () => {
  it.each(planted)('catches $place', ({ place, caughtBy }) => {
    expect(faults[caughtBy].get(place)).toBeDefined()
  })
  it('lets a sound example pass', () => {
    expect(faults.types.get(sound.place)).toBeUndefined()
    expect(faults.run.get(sound.place)).toBeUndefined()
  })
  it('names the line at which a block begins', () => {
    expect(examplesOfPage('a\nb\n```ts\ncode\n```\n', 'page.md')).toEqual([{ place: 'page.md:4', code: 'code\n' }])
    expect(examplesOfSource('const a = 1\n/**\n * Text.\n * @example\n * ```ts\n * code\n * ```\n */\n', 'a.ts')).toEqual([
      { place: 'a.ts:6', code: 'code\n' },
    ])
  })
})
