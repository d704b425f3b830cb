import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

/** A block of TypeScript in the documentation. */
export interface Example {
  /** Such as `README.md:42`, where the block begins. */
  readonly place: string
  readonly code: string
}

const fence = /^[ \t]*```ts\n([\s\S]*?)^[ \t]*```/gm

/** Blocks of a page. */
export function examplesOfPage(text: string, file: string): Example[] {
  return [...text.matchAll(fence)].map((match) => ({ place: `${file}:${lineAt(text, match.index) + 1}`, code: match[1] }))
}

/** Blocks after `@example` in doc comments. */
export function examplesOfSource(text: string, file: string): Example[] {
  return [...text.matchAll(/\/\*\*[\s\S]*?\*\//g)]
    .filter(([comment]) => comment.includes('@example'))
    .flatMap((match) => {
      const bare = match[0].replace(/^[ \t]*\* ?/gm, '')
      const first = lineAt(text, match.index)
      return examplesOfPage(bare, file).map(({ place, code }) => ({
        place: `${file}:${first + Number(place.slice(file.length + 1)) - 1}`,
        code,
      }))
    })
}

const lineAt = (text: string, index: number): number => text.slice(0, index).split('\n').length

const folders = ['src', 'models', 'diagnostics']

/** Every example of the README, of the pages and of the doc comments. */
export function allExamples(root: string): Example[] {
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(root, folder, file)),
  )
  const read = (file: string) => [readFileSync(file, 'utf8'), relative(root, file)] as const
  return [
    ...[join(root, 'README.md'), ...files.filter((file) => file.endsWith('.md'))].flatMap((file) =>
      examplesOfPage(...read(file)),
    ),
    ...files.filter((file) => file.endsWith('.ts')).flatMap((file) => examplesOfSource(...read(file))),
  ]
}
