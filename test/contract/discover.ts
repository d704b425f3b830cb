import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** One file of a folder with one subject a file. */
export interface Subject {
  /** Such as `half-normal`. */
  readonly file: string
  /** The name that the file must export, such as `halfNormal`. */
  readonly exportName: string
  readonly module: Readonly<Record<string, unknown>>
}

/** Every TypeScript file directly in a folder of the project, imported. */
export async function discover(folder: string): Promise<Subject[]> {
  const url = new URL(`../../${folder}/`, import.meta.url)
  const files = readdirSync(fileURLToPath(url), { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => entry.name.slice(0, -'.ts'.length))
  return Promise.all(
    files.map(async (file) => ({
      file,
      exportName: file.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()),
      module: await import(new URL(`${file}.ts`, url).href),
    })),
  )
}
