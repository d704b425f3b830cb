import { stringify } from 'yaml'
import { type Documented, pageFolders, type Subject } from './page-folders.js'

/** The summary in the code, and the options with their defaults as a protocol spells them. */
export function defaultsPart({ documented, folder }: Subject): string {
  const { name, ...options } = plain({ ...(documented.parseOptions({}) as object), name: documented.name })
  const yaml = stringify(folder.inProtocol(name, options), { lineWidth: 120 })
  return `${sentence(documented)} In a protocol, with all defaults:\n\n\`\`\`yaml\n${yaml}\`\`\``
}

/** A table for each folder, with what the code says of each. */
export function indexPart(all: readonly Subject[]): string {
  const tables = pageFolders.map(({ title, path }) => {
    const rows = all.filter(({ folder }) => folder.path === path)
    const lines = rows.map(
      ({ documented, page }) => `- [${documented.name}](${page.replace(/^models\//, '')}): ${documented.summary}`,
    )
    return `## ${title}\n\n${lines.join('\n')}`
  })
  return tables.join('\n\n')
}

/** The text with what stands between the marks replaced. @throws Error when a mark is missing */
export function withPart(text: string, mark: string, part: string): string {
  const [begin, end] = [`<!-- ${mark} -->`, `<!-- end of ${mark} -->`]
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`The marks "${begin}" and "${end}" are missing.`)
  return `${text.slice(0, from + begin.length)}\n\n${part}\n\n${text.slice(to)}`
}

const plain = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value))

const sentence = ({ summary }: Documented): string => `${summary[0].toUpperCase()}${summary.slice(1)}.`
