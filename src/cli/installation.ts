import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, freemem, totalmem } from 'node:os'
import { join } from 'node:path'
import { packageRoot, packageVersion } from './package-root.js'

/** The machine and the versions, as facts for a bug report: no names and no paths. */
export interface Installation {
  readonly poolite: string
  readonly node: string
  readonly platform: string
  readonly processor: string
  /** Processors that this process may use. */
  readonly processors: number
  /** Bytes. */
  readonly memory: { readonly total: number; readonly free: number }
}

export function describeInstallation(): Installation {
  return {
    poolite: packageVersion(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    processors: availableParallelism(),
    memory: { total: totalmem(), free: freemem() },
  }
}

/** A package that poolite uses when it is there. */
export interface OptionalPackage {
  readonly package: string
  readonly status: 'installed' | 'not installed'
}

/** The optional dependencies and optional peers that package.json names, but for those left out. */
export function optionalPackages(leftOut: readonly string[]): OptionalPackage[] {
  const manifest = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'))
  const peers: Record<string, { readonly optional?: boolean }> = manifest.peerDependenciesMeta ?? {}
  const names = [
    ...Object.keys(manifest.optionalDependencies ?? {}),
    ...Object.keys(peers).filter((name) => peers[name].optional),
  ]
  return [...new Set(names)]
    .filter((name) => !leftOut.includes(name))
    .map((name) => ({ package: name, status: isInstalled(name) ? 'installed' : 'not installed' }))
}

function isInstalled(name: string): boolean {
  try {
    import.meta.resolve(name)
    return true
  } catch {
    return false
  }
}
