import { backendFault } from './backend-trial.js'
import { type EagerBackend, eagerBackends, startBackend } from './tfjs.js'
import { webAssembly } from './webassembly/host.js'

/**
 * The tfjs backend for what cannot be compiled: the first of tfjs-node, WebAssembly and plain JavaScript that is installed and passes its trial.
 * The packages of the first two are optional and are loaded here only, so that they are absent without harm and cost nothing until something
 * has to run eagerly.
 */

const packages: Partial<Record<EagerBackend, string>> = {
  tensorflow: '@tensorflow/tfjs-node',
  wasm: '@tensorflow/tfjs-backend-wasm',
}

/** How one backend fared. */
export interface BackendTrial {
  readonly backend: EagerBackend
  /** The package it comes from; absent for `cpu`, which comes with tfjs. */
  readonly package?: string
  readonly status: 'works' | 'not installed' | 'fails'
  /** What went wrong, when it fails. */
  readonly reason?: string
}

export interface BackendChoice {
  readonly backend: EagerBackend
  /** Of the backends before it and of itself, in order. */
  readonly trials: readonly BackendTrial[]
}

/** Imports a package by its name. */
export type PackageLoader = (name: string) => Promise<unknown>

/** The name is not written at the import, so that no bundler looks for a package that need not be there. */
const importPackage: PackageLoader = (name) => import(/* @vite-ignore */ name)

/** Loads, starts and tries one backend. Never rejects: what goes wrong is the reason. */
export async function tryBackend(backend: EagerBackend, load: PackageLoader = importPackage): Promise<BackendTrial> {
  const name = packages[backend]
  const subject = { backend, ...(name === undefined ? {} : { package: name }) }
  try {
    if (backend === 'wasm' && !webAssembly) return { ...subject, status: 'fails', reason: 'this platform has no WebAssembly' }
    if (name !== undefined) await startBackend(backend, () => load(name))
  } catch (error) {
    const message = messageOf(error)
    if (name !== undefined && isAbsence(error, message, name)) return { ...subject, status: 'not installed' }
    return { ...subject, status: 'fails', reason: firstLine(message) }
  }
  const fault = backendFault(backend)
  return fault === undefined ? { ...subject, status: 'works' } : { ...subject, status: 'fails', reason: firstLine(fault) }
}

/** Tries the backends in order and takes the first that works, `cpu` if none does. */
export async function findEagerBackend(load?: PackageLoader): Promise<BackendChoice> {
  const trials: BackendTrial[] = []
  for (const backend of eagerBackends) {
    trials.push(await tryBackend(backend, load))
    if (trials[trials.length - 1].status === 'works') return { backend, trials }
  }
  return { backend: 'cpu', trials }
}

let chosen: Promise<BackendChoice> | undefined

/** The choice of this process, made when it is first wanted. */
export function chooseEagerBackend(): Promise<BackendChoice> {
  chosen ??= findEagerBackend()
  return chosen
}

/** Node says so by a code; browsers and test runners by a sentence that names the package. Another missing package is a failure. */
function isAbsence(error: unknown, message: string, name: string): boolean {
  const code = (error as { readonly code?: unknown } | null)?.code
  const saysMissing = code === 'ERR_MODULE_NOT_FOUND' || /cannot find|failed to (resolve|load)/i.test(message)
  return saysMissing && [`'${name}'`, `"${name}"`].some((quoted) => message.includes(quoted))
}

/** Of whatever was thrown: packages compiled from other languages throw objects of their own. */
function messageOf(error: unknown): string {
  const { message = String(error) } = (error ?? {}) as { readonly message?: unknown }
  return String(message)
}

function firstLine(message: string): string {
  return message.split('\n')[0].replace(/\.$/, '')
}
