/** Reading a kit folder of reference cases. Whatever it holds is data: no case is known by its name. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { csvParse, type DSVRowString } from 'd3-dsv'

/** JSON in which a bare NaN stands for a missing number. */
export function readJson<Value>(path: string): Value {
  return JSON.parse(readFileSync(path, 'utf8').replace(/\bNaN\b/g, 'null')) as Value
}

export const readCsv = (path: string): DSVRowString[] => [...csvParse(readFileSync(path, 'utf8'))]

/** Names in a folder that match, sorted; none when the folder is absent. */
export function names(folder: string, pattern = /./): string[] {
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => pattern.test(name))
        .sort()
    : []
}

/** Cases that have this file in `ref/<case>/`. */
export function casesWith(kit: string, file: string): string[] {
  return names(join(kit, 'ref')).filter((name) => existsSync(join(kit, 'ref', name, file)))
}

/**
 * Tables that may hold the patients of a case, the likeliest first: `data/sim/<case>/train.csv`, `data/real/<case>*.csv`, then real data
 * under other names (several cases may be drawn from one table).
 */
export function candidateTables(kit: string, name: string): string[] {
  const simulated = join(kit, 'data', 'sim', name, 'train.csv')
  const real = names(join(kit, 'data', 'real'), /\.csv$/)
  const ordered = [...real.filter((file) => file.startsWith(name)), ...real.filter((file) => !file.startsWith(name))]
  return [...(existsSync(simulated) ? [simulated] : []), ...ordered.map((file) => join(kit, 'data', 'real', file))]
}
