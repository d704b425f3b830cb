import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A resolve hook of Node, in plain JavaScript, that writes the name of every package that is imported to the file `POOLITE_LOADED`. */
const hooks = `import { appendFileSync } from 'node:fs'
export async function resolve(specifier, context, next) {
  if (!/^[./]|^(node|file|data):/.test(specifier)) appendFileSync(process.env.POOLITE_LOADED, specifier + '\\n')
  return next(specifier, context)
}`
const module = (text: string) => `data:text/javascript,${encodeURIComponent(text)}`
const registration = module(`import { register } from 'node:module'; register(${JSON.stringify(module(hooks))})`)

/** Packages that Node processes import which `work` starts and waits for. */
export function packagesLoadedBy(work: () => void): Set<string> {
  const folder = mkdtempSync(join(tmpdir(), 'poolite-loaded-'))
  const { NODE_OPTIONS, POOLITE_LOADED } = process.env
  const file = join(folder, 'packages.txt')
  Object.assign(process.env, { NODE_OPTIONS: `${NODE_OPTIONS ?? ''} --import ${registration}`, POOLITE_LOADED: file })
  try {
    work()
    return new Set(readFileSync(file, 'utf8').split('\n').filter(Boolean))
  } finally {
    restore('NODE_OPTIONS', NODE_OPTIONS)
    restore('POOLITE_LOADED', POOLITE_LOADED)
    rmSync(folder, { recursive: true, force: true })
  }
}

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name]
  else process.env[name] = value
}
