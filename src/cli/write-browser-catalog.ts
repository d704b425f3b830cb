/** Build step: what takes the place of `catalog.js` in a bundle for browsers, where no folder can be read: the same models, each behind an import that bundlers see. */
import { writeFileSync } from 'node:fs'
import { namesIn } from '../catalog.js'
import { catalogFolders } from '../catalog-of.js'

const entries = catalogFolders.map((folder) => {
  const modules = namesIn(folder).map((name) => `    '${name}': () => import('../models/${folder}/${name}.js'),`)
  return `  '${folder}': {\n${modules.join('\n')}\n  },`
})

const text = `import { catalogOf } from './catalog-of.js'

const modules = {
${entries.join('\n')}
}

export const catalog = catalogOf({
  names: (folder) => Object.keys(modules[folder]),
  load: (folder, name) => modules[folder][name](),
})
`

writeFileSync(new URL('../catalog.browser.js', import.meta.url), text)
