import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { call } from '../call.js'

/** Packs the project as `npm publish` would; the path of the archive in `folder`, which holds no other. */
export function pack(root: string, folder: string): string {
  if (!existsSync(join(root, 'dist'))) throw new Error('There is no dist folder. Run npm run build first.')
  call('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], root)
  const archive = readdirSync(folder).find((name) => name.endsWith('.tgz'))
  if (archive === undefined) throw new Error('npm pack wrote no archive.')
  return join(folder, archive)
}
