import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { BenchmarkCase } from './benchmark-case.js'
import { metaAnalysisCase, metaAnalysisNames } from './meta-analysis-cases.js'
import { posteriorCase, posteriorNames } from './posteriordb-cases.js'

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

/** Cases made from an acceptance kit: `mvma/<case>` and `posteriordb/<posterior>`; none when there is no kit. */
export function kitCaseNames(kit: string): string[] {
  return [...metaAnalysisNames(kit).map((name) => `mvma/${name}`), ...posteriorNames(kit).map((name) => `posteriordb/${name}`)]
}

/** @param kit folder of the acceptance kit, for a case made from it */
export async function loadCase(name: string, kit?: string): Promise<BenchmarkCase> {
  const [source, item] = name.split('/')
  if (item !== undefined && kit !== undefined) return source === 'mvma' ? metaAnalysisCase(item, kit) : posteriorCase(item, kit)
  const { benchmarkCase } = (await import(new URL(`${name}${EXTENSION}`, FOLDER).href)) as { benchmarkCase: BenchmarkCase }
  return benchmarkCase
}
