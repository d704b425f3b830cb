import type { FirstStageModel } from './contract/first-stage-model.js'
import type { AnyPoolingMethod } from './contract/pooling-method.js'
import { didYouMean } from './data/nearest-name.js'
import { ProtocolError } from './errors/protocol-error.js'

/** The models and methods that a protocol may name: one file each under `models/`, found by reading the folder. */
export interface Catalog {
  /** @throws ProtocolError listing the known models. */
  firstStageModel(name: string): Promise<FirstStageModel>
  /** @throws ProtocolError listing the known methods. */
  poolingMethod(name: string): Promise<AnyPoolingMethod>
}

export const catalogFolders = ['first-stage', 'pooling'] as const

/** Where the modules of a catalogue are. */
export interface CatalogSource {
  names(folder: (typeof catalogFolders)[number]): readonly string[]
  load(folder: (typeof catalogFolders)[number], name: string): Promise<Readonly<Record<string, unknown>>>
}

export function catalogOf({ names, load }: CatalogSource): Catalog {
  async function find<Value>(
    folder: (typeof catalogFolders)[number],
    exported: string,
    what: string,
    name: string,
  ): Promise<Value> {
    const known = names(folder)
    if (!known.includes(name))
      throw new ProtocolError({
        problem: `there is no ${what} "${name}"`,
        remedy: `${didYouMean(name, known)} Known: ${known.join(', ')}.`.trim(),
      })
    return (await load(folder, name))[exported] as Value
  }
  return {
    firstStageModel: (name) => find('first-stage', 'firstStageModel', 'first-stage model', name),
    poolingMethod: (name) => find('pooling', 'poolingMethod', 'second-stage method', name),
  }
}
