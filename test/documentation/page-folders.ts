import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FirstStageModel } from '../../src/contract/first-stage-model.js'

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** A folder whose every file has a page of the same name beside it. */
interface PageFolder {
  readonly title: string
  readonly path: string
  readonly exported: 'firstStageModel' | 'coefficientPrior' | 'poolingMethod'
  /** Where its name and options stand in a protocol. */
  readonly inProtocol: (name: string, options: object) => object
}

/** Read by the documentation and by the tests: nobody lists a model, prior or method by hand. */
export const pageFolders: readonly PageFolder[] = [
  {
    title: 'First stage: models of one trial',
    path: 'models/first-stage',
    exported: 'firstStageModel',
    inProtocol: (name, options) => ({ firstStage: { model: name, ...options } }),
  },
  {
    title: 'Priors of coefficients',
    path: 'models/priors',
    exported: 'coefficientPrior',
    inProtocol: (name, options) => ({ firstStage: { model: 'linear', prior: { name, ...options } } }),
  },
  {
    title: 'Second stage: pooling',
    path: 'models/pooling',
    exported: 'poolingMethod',
    inProtocol: (name, options) => ({ secondStage: { method: name, ...options } }),
  },
]

export type Documented = Pick<FirstStageModel, 'name' | 'summary'> & { readonly parseOptions: (raw: unknown) => unknown }

export interface Subject {
  readonly folder: PageFolder
  readonly documented: Documented
  /** Relative to the root. */
  readonly page: string
}

/** Every model, prior and pooling method. */
export async function subjects(): Promise<Subject[]> {
  const found = pageFolders.map(async (folder) => {
    const names = readdirSync(join(root, folder.path)).filter((name) => name.endsWith('.ts'))
    return Promise.all(
      names.map(async (name) => {
        const module = await import(new URL(`../../${folder.path}/${name}`, import.meta.url).href)
        const page = `${folder.path}/${name.replace(/\.ts$/, '.md')}`
        return { folder, documented: module[folder.exported] as Documented, page }
      }),
    )
  })
  return (await Promise.all(found)).flat()
}
