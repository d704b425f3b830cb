/**
 * Executes every notebook of the project headless with tslab's kernel and fails when a cell did not run, threw or wrote to stderr.
 * Notebooks that must fail are run first: if one of them passes, the check is blind. With `--write` the executed copies, outputs
 * included, replace the notebooks. Words beside it name the notebooks to run, by how their names begin: `-- 05 07`.
 */
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Notebook, notebookProblems, withLastCell, withoutLastCell } from './notebook-problems.js'
import { openWorkspace, type Workspace } from './notebook-workspace.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = join(root, 'notebooks')

const cell = (source: string) => ({ cell_type: 'code', source, metadata: {}, execution_count: null, outputs: [] })
const notebook = (...sources: string[]) => ({
  nbformat: 4,
  nbformat_minor: 4,
  metadata: { kernelspec: { name: 'tslab', display_name: 'TypeScript', language: 'typescript' } },
  cells: sources.map(cell),
})

/** Each must be caught. */
const mustFail = {
  'throws-in-the-middle': notebook('const a = 1', "throw new Error('planted')", 'a'),
  'does-not-compile': notebook("const n: number = 'text'"),
  'imports-a-missing-name': notebook("import { noSuchName } from 'poolite'", 'noSuchName'),
}

interface Result {
  readonly problems: readonly string[]
  /** Text of the executed notebook; absent when there is none. */
  readonly executed?: string
}

function run(workspace: Workspace, path: string, content: Notebook): Result {
  writeFileSync(path, JSON.stringify(withLastCell(content)))
  const outcome = workspace.execute(path)
  if ('failure' in outcome) return { problems: [outcome.failure] }
  const executed: Notebook = JSON.parse(readFileSync(outcome.executed, 'utf8'))
  return { problems: notebookProblems(executed), executed: `${JSON.stringify(withoutLastCell(executed), null, 1)}\n` }
}

function failedControls(workspace: Workspace): number {
  return Object.entries(mustFail).filter(([name, content]) => {
    const { problems, executed } = run(workspace, join(workspace.folder, `${name}.ipynb`), content)
    const isCaught = executed !== undefined && problems.length > 0
    const [firstLine] = (problems[0] ?? 'no problem found').split('\n')
    console.log(`${isCaught ? 'ok   caught' : 'FAIL not caught'}: ${name} (${firstLine})`)
    return !isCaught
  }).length
}

function failedNotebooks(workspace: Workspace, names: readonly string[], isWriting: boolean): number {
  cpSync(folder, join(workspace.folder, 'notebooks'), { recursive: true })
  return names.filter((name) => {
    const start = Date.now()
    const content: Notebook = JSON.parse(readFileSync(join(folder, name), 'utf8'))
    const { problems, executed } = run(workspace, join(workspace.folder, 'notebooks', name), content)
    const hasFailed = problems.length > 0
    console.log(`${hasFailed ? 'FAIL' : 'ok  '} notebooks/${name} (${((Date.now() - start) / 1000).toFixed(0)} s)`)
    for (const problem of problems) console.log(`     ${problem}`)
    if (isWriting && !hasFailed && executed !== undefined) writeFileSync(join(folder, name), executed)
    return hasFailed
  }).length
}

const words = process.argv.slice(2)
const wanted = words.filter((word) => !word.startsWith('--'))
const isWanted = (name: string) => wanted.length === 0 || wanted.some((start) => name.startsWith(start))
const names = readdirSync(folder).filter((name) => name.endsWith('.ipynb') && isWanted(name))
if (names.length === 0) throw new Error('There is no such notebook in notebooks/.')
const workspace = openWorkspace(root)
try {
  const failureCount = failedControls(workspace) + failedNotebooks(workspace, names, words.includes('--write'))
  if (failureCount > 0) process.exitCode = 1
} finally {
  workspace.remove()
}
