/**
 * A temporary project in which a notebook imports `poolite` as a user would: the packed package under node_modules and its dependencies
 * beside it. (Inside the repository tslab cannot find the package by its own name: its compiler resolves modules as Node 10 did.)
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { call } from './call.js'
import { installPacked } from './package/pack.js'

export interface Workspace {
  /** Root of the temporary project. */
  readonly folder: string
  /** Runs one notebook that lies in the project; returns the path of the executed copy, or what nbconvert said when there is none. */
  execute(notebook: string): { executed: string } | { failure: string }
  remove(): void
}

/** A Python that has nbconvert; the system's own first, because a version manager's usually has not. */
function pythonWithJupyter(): string {
  const candidates = [process.env.POOLITE_PYTHON ?? '/usr/bin/python3', 'python3']
  const python = candidates.find((name) => spawnSync(name, ['-c', 'import nbconvert, jupyter_core']).status === 0)
  if (python === undefined)
    throw new Error(
      'No Python with nbconvert. On Debian: apt-get install jupyter-notebook jupyter-nbconvert; or name one in POOLITE_PYTHON.',
    )
  return python
}

export function openWorkspace(root: string): Workspace {
  const folder = mkdtempSync(join(tmpdir(), 'poolite-notebooks-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  try {
    const python = pythonWithJupyter()
    installPacked(root, folder)
    const prefix = join(folder, '.jupyter')
    const binary = join(root, 'node_modules/.bin/tslab')
    call(binary, ['install', '--python', python, '--binary', binary, '--prefix', prefix], folder)
    const environment = {
      ...process.env,
      JUPYTER_PATH: join(prefix, 'share/jupyter'),
      JUPYTER_CONFIG_DIR: join(prefix, 'config'),
      JUPYTER_RUNTIME_DIR: join(prefix, 'runtime'),
      IPYTHONDIR: join(prefix, 'ipython'),
    }
    const execute: Workspace['execute'] = (notebook) => {
      const executed = notebook.replace(/\.ipynb$/, '.executed.ipynb')
      const commandLine = [
        '-m',
        'nbconvert',
        '--to',
        'notebook',
        '--execute',
        '--allow-errors',
        '--ExecutePreprocessor.timeout=600',
        '--ExecutePreprocessor.record_timing=False',
      ]
      try {
        call(python, [...commandLine, '--output', executed, notebook], folder, environment)
        return { executed }
      } catch (error) {
        return { failure: String(error) }
      }
    }
    return { folder, execute, remove }
  } catch (error) {
    remove()
    throw error
  }
}
