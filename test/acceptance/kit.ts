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

/** The patients of a case: `data/sim/<case>/train.csv`, else the first `data/real/<case>*.csv`. */
export function caseRows(kit: string, name: string): DSVRowString[] {
  const simulated = join(kit, 'data', 'sim', name, 'train.csv')
  if (existsSync(simulated)) return readCsv(simulated)
  const [real] = names(join(kit, 'data', 'real'), /\.csv$/).filter((file) => file.startsWith(name))
  if (!real)
    throw new Error(`no data for case "${name}": neither data/sim/${name}/train.csv nor data/real/${name}*.csv in ${kit}`)
  return readCsv(join(kit, 'data', 'real', real))
}
