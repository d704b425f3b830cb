import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
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

const MODULE = /^([a-z][a-z0-9-]*)\.(?:js|ts)$/

function names(folder: string): string[] {
  const files = readdirSync(fileURLToPath(new URL(`../models/${folder}/`, import.meta.url)))
  return files.flatMap((file) => (file.endsWith('.d.ts') ? [] : [MODULE.exec(file)?.[1] ?? []].flat())).sort()
}

async function load<Value>(folder: string, exported: string, what: string, name: string): Promise<Value> {
  const known = names(folder)
  if (!known.includes(name))
    throw new ProtocolError({
      problem: `there is no ${what} "${name}"`,
      remedy: `${didYouMean(name, known)} Known: ${known.join(', ')}.`.trim(),
    })
  const module = await import(new URL(`../models/${folder}/${name}.js`, import.meta.url).href)
  return module[exported] as Value
}

export const catalog: Catalog = {
  firstStageModel: (name) => load('first-stage', 'firstStageModel', 'first-stage model', name),
  poolingMethod: (name) => load('pooling', 'poolingMethod', 'second-stage method', name),
}
