import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
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

/** Puts the package, as `npm publish` would ship it, and the dependencies that are installed here into `folder/node_modules`. */
export function installPacked(root: string, folder: string): void {
  const modules = join(folder, 'node_modules')
  mkdirSync(modules)
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (!name.startsWith('.')) symlinkSync(join(root, 'node_modules', name), join(modules, name))
  }
  call('tar', ['-xzf', pack(root, folder)], folder)
  call('mv', ['package', join('node_modules', 'poolite')], folder)
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
}
