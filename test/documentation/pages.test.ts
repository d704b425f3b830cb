import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { protocolSchema } from '../../src/data/protocol.js'
import { protocolFields } from '../../src/data/protocol-fields.js'
import { defaultsPart, indexPart, withPart } from './generated-parts.js'
import { root, subjects } from './page-folders.js'

const all = await subjects()
const read = (page: string) => readFileSync(join(root, page), 'utf8')
const sections = ['Model', 'Use it when', 'Do not use it when', 'Cost', 'Sources']
const source = /\(?(DOI 10\.\d{4,}\/\S+|arXiv \d{4}\.\d{4,5}|JMLR \d+[:(])/
const algorithms = protocolFields.shape.inference.unwrap().shape.algorithm.unwrap().options
const otherPages = [
  ...algorithms.map((name) => `src/inference/${name}.md`),
  'diagnostics/convergence/convergence.md',
  'diagnostics/predictive/predictive.md',
  'src/validation/validation.md',
]

/** What is wrong with a page of a method. */
function pageProblems(text: string): string[] {
  const missing = sections.filter((title) => !new RegExp(`^## ${title}$`, 'm').test(text))
  const sources = text.split('\n## Sources\n')[1] ?? ''
  return [
    ...missing.map((title) => `no section "${title}"`),
    ...(source.test(sources) ? [] : ['no source with DOI, arXiv or JMLR number']),
  ]
}

describe('every model, prior, method, algorithm and diagnostic has a page', () => {
  it.each([...all.map(({ page }) => page), ...otherPages])('%s: formula, when, when not, cost, source', (page) => {
    expect(existsSync(join(root, page)), `write ${page}`).toBe(true)
    expect(pageProblems(read(page))).toEqual([])
  })
  it('a page without a source or a section is found out', () => {
    const text = read('models/priors/normal.md')
    expect(pageProblems(text.replace('## Cost', ''))).toEqual(['no section "Cost"'])
    expect(pageProblems(text.split('## Sources')[0])).toEqual([
      'no section "Sources"',
      'no source with DOI, arXiv or JMLR number',
    ])
  })
})

describe('pages say what the code does', () => {
  it.each(all)('$page has the summary and the defaults of the code (npm run docs:pages)', (subject) => {
    const text = read(subject.page)
    expect(withPart(text, 'defaults', defaultsPart(subject))).toBe(text)
  })
  it.each(all)('$page names every option', ({ documented, page }) => {
    const written = read(page).split('<!-- end of defaults -->')[1]
    const options = Object.keys(JSON.parse(JSON.stringify(documented.parseOptions({})))).filter((name) => name !== 'name')
    expect(options.filter((name) => !written.includes(`\`${name}`))).toEqual([])
  })
  it('the list of all is that of the folders', () => {
    expect(withPart(read('models/README.md'), 'list', indexPart(all))).toBe(read('models/README.md'))
  })
})

const pages = [
  'README.md',
  ...['src', 'models', 'diagnostics'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(folder, name)),
  ),
]
const deadLinks = (text: string, page: string) =>
  [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)]
    .map(([, link]) => link)
    .filter((link) => !existsSync(join(root, dirname(page), link)))

describe('pages hold together', () => {
  it.each(pages)('%s links to files that are there', (page) => {
    expect(deadLinks(read(page), page)).toEqual([])
  })
  it('a dead link is found out', () => {
    expect(deadLinks('[a](no-such.md) [b](README.md) [c](https://example.org/x)', 'README.md')).toEqual(['no-such.md'])
  })
  it.each(pages.filter((page) => read(page).includes('```yaml')))('%s: pieces of protocols are valid', (page) => {
    const example = parse(read('notebooks/data/example-protocol.yaml')) as Record<string, unknown>
    for (const [, yaml] of read(page).matchAll(/^```yaml\n([\s\S]*?)^```/gm)) {
      const { success, error } = protocolSchema.safeParse({ ...example, ...(parse(yaml) as object) })
      expect(success ? [] : error.issues, `${relative(root, page)}: ${yaml}`).toEqual([])
    }
  })
})
