import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const path = (place: string) => fileURLToPath(new URL(`../../${place}`, import.meta.url))
/** From the sources, or what was built of them, which starts sooner, where POOLITE_BUILT says that it is of now. */
const program = process.env.POOLITE_BUILT
  ? [path('dist/src/cli/main.js')]
  : ['--import', import.meta.resolve('tsx'), path('src/cli/main.ts')]

export interface CommandResult {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the command line as a user would, in `folder`. */
export function poolite(folder: string, ...words: string[]): CommandResult {
  const environment = { ...process.env, POOLITE_DEBUG: '', NO_COLOR: '1' }
  const options = { cwd: folder, env: environment, encoding: 'utf8', maxBuffer: 1 << 26 } as const
  const { status, stdout, stderr } = spawnSync(process.execPath, [...program, ...words], options)
  return { status, stdout, stderr }
}

/** The same, sent that signal as soon as `isTime` likes what it has said on stderr; Ctrl-C unless told otherwise. */
export function interrupted(
  folder: string,
  words: readonly string[],
  isTime: (stderr: string) => boolean,
  signal: NodeJS.Signals = 'SIGINT',
): Promise<CommandResult> {
  const child = spawn(process.execPath, [...program, ...words], {
    cwd: folder,
    env: { ...process.env, POOLITE_DEBUG: '' },
  })
  let [stdout, stderr, isStopped] = ['', '', false]
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
    if (isStopped || !isTime(stderr)) return
    isStopped = child.kill(signal)
  })
  return new Promise((resolve) => {
    child.on('close', (status) => resolve({ status, stdout, stderr }))
  })
}

/** A temporary folder with those files in it. */
export function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'poolite-end-to-end-'))
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  return folder
}

export const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true })

/** Every path in the folder, sorted. */
export const contentsOf = (folder: string): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
