/** Reference numbers of the acceptance kit, where it is there. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const kitFolder = fileURLToPath(new URL('../../../../shared/acceptance/diagnostics/', import.meta.url))
export const isKitMissing = !existsSync(kitFolder)
export const missingNote = isKitMissing ? ' (skipped: no ../shared/acceptance)' : ''

export function readReference<Value>(file: string): Value {
  return JSON.parse(readFileSync(kitFolder + file, 'utf8').replace(/\bNaN\b/g, 'null')) as Value
}

export function largestDifference(values: ArrayLike<number>, references: readonly number[]): number {
  return references.reduce((largest, reference, index) => Math.max(largest, Math.abs(values[index] - reference)), 0)
}
