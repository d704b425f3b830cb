/** `npm run docs:pages`: writes into the pages of models, priors and methods what the code says of them. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { defaultsPart, indexPart, withPart } from './generated-parts.js'
import { root, subjects } from './page-folders.js'

const all = await subjects()
const write = (page: string, mark: string, part: string) =>
  writeFileSync(join(root, page), withPart(readFileSync(join(root, page), 'utf8'), mark, part))
for (const subject of all) write(subject.page, 'defaults', defaultsPart(subject))
write('models/README.md', 'list', indexPart(all))
