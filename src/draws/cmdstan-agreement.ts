import { DataError } from '../errors/data-error.js'
import type { CmdStanFile } from './cmdstan-file.js'
import type { PlannedRows } from './cmdstan-plan.js'

/** @throws DataError for no files, and for two of the same content. */
export function requireFiles(texts: readonly { readonly name: string; readonly text: string }[]): void {
  if (texts.length === 0)
    throw new DataError({ problem: 'no CmdStan file was given', remedy: 'Give one CSV file for each chain.' })
  texts.forEach(({ name, text }, index) => {
    const earlier = texts.findIndex((other) => other.text === text)
    if (earlier === index) return
    throw new DataError({
      file: name,
      problem: `the file has the same content as ${texts[earlier].name}`,
      reason: 'the same draws would count twice',
      remedy: 'Give each chain once; chains with the same seed and the same id are the same chain.',
    })
  })
}

/** @throws DataError for files that differ in model, version of Stan, columns, thinning or saved warmup. */
export function requireAlike(files: readonly CmdStanFile[], planned: readonly PlannedRows[]): void {
  const [first] = files
  for (const file of files) requireSameSource(file, first)
  files.forEach(({ name, columns }, index) => {
    const differing = columns.findIndex((column, position) => column !== first.columns[position])
    const isShorter = columns.length < first.columns.length
    if (differing !== -1 || isShorter)
      throw new DataError({
        file: name,
        column: differing === -1 ? first.columns[columns.length] : columns[differing],
        problem:
          differing === -1
            ? `the column is in ${first.name} only`
            : `the column stands where ${first.name} has "${first.columns[differing] ?? 'none'}"`,
        reason: 'chains of one fit have the same columns in the same order',
        remedy: 'Give files of one model, fitted to one data set by one version of CmdStan.',
      })
    const { thin, warmup } = planned[index].plan
    if (thin !== planned[0].plan.thin || (planned[index].warmup.length > 0 && warmup !== planned[0].plan.warmup))
      throw new DataError({
        file: name,
        problem: `thinning or warmup differ from those of ${first.name}`,
        remedy: 'Give files of one run, or run the chain again with the settings of the others.',
      })
  })
}

/** Who drew: the model by the name that Stan gave it, and the version of Stan. Files that do not say are taken as they are. */
function requireSameSource(file: CmdStanFile, first: CmdStanFile): void {
  for (const [what, sourceOf] of sources) {
    const [own, others] = [sourceOf(file), sourceOf(first)]
    if (own === undefined || others === undefined || own === others) continue
    throw new DataError({
      file: file.name,
      problem: `the ${what} is ${own}, and ${others} in ${first.name}`,
      reason: 'chains of one fit have one model and one version of Stan',
      remedy: 'Give the files of one run; chains of another version may be read and summarised on their own.',
    })
  }
}

const sources: readonly (readonly [string, (file: CmdStanFile) => string | undefined])[] = [
  ['model', ({ settings }) => settings.get('model')],
  [
    'version of Stan',
    ({ settings }) => {
      const parts = ['major', 'minor', 'patch'].map((part) => settings.get(`stan_version_${part}`))
      return parts.includes(undefined) ? undefined : parts.join('.')
    },
  ],
]
