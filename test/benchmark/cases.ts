import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { BenchmarkCase } from './benchmark-case.js'

/** `.ts` here, `.js` when compiled. */
const EXTENSION = import.meta.url.slice(import.meta.url.lastIndexOf('.'))
const FOLDER = new URL('./models/', import.meta.url)

/** Names of the files in `models/`, in order. */
export function caseNames(): string[] {
  return readdirSync(fileURLToPath(FOLDER))
    .filter((file) => file.endsWith(EXTENSION))
    .map((file) => file.slice(0, -EXTENSION.length))
    .sort()
}

export async function loadCase(name: string): Promise<BenchmarkCase> {
  const { benchmarkCase } = (await import(new URL(`${name}${EXTENSION}`, FOLDER).href)) as { benchmarkCase: BenchmarkCase }
  return benchmarkCase
}
