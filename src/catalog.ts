import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { catalogOf } from './catalog-of.js'

export type { Catalog } from './catalog-of.js'

const MODULE = /^([a-z][a-z0-9-]*)\.(?:js|ts)$/

/** Names of the models or methods in a folder of `models`. */
export function namesIn(folder: string): string[] {
  const files = readdirSync(fileURLToPath(new URL(`../models/${folder}/`, import.meta.url)))
  return files.flatMap((file) => (file.endsWith('.d.ts') ? [] : [MODULE.exec(file)?.[1] ?? []].flat())).sort()
}

/** Every file of the folders. In bundles for browsers, which have no folders, a list that the build makes of them takes this file's place. */
export const catalog = catalogOf({
  names: namesIn,
  load: (folder, name) => import(new URL(`../models/${folder}/${name}.js`, import.meta.url).href),
})
