import { join } from 'node:path'
import ts from 'typescript'
import type { Example } from './extract-examples.js'

/** What the compiler says against each example, by its place; an example without a fault is absent. Examples see `poolite` as a user does. */
export function typeErrors(root: string, examples: readonly Example[]): Map<string, string> {
  const nameOf = (index: number) => join(root, 'test/documentation', `example-${index}.ts`)
  const sources = new Map(examples.map(({ code }, index) => [nameOf(index), `${code}\nexport {}\n`]))
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root)
  const settings: ts.CompilerOptions = {
    ...options,
    noEmit: true,
    declaration: false,
    incremental: false,
    noUnusedLocals: false,
    noUnusedParameters: false,
    baseUrl: root,
    paths: { poolite: ['src/index.ts'], 'poolite/models/*': ['models/*.ts'] },
  }
  const host = ts.createCompilerHost(settings)
  const [fileExists, readFile, getSourceFile] = [host.fileExists, host.readFile, host.getSourceFile]
  host.fileExists = (file) => sources.has(file) || fileExists(file)
  host.readFile = (file) => sources.get(file) ?? readFile(file)
  host.getSourceFile = (file, version, ...others) => {
    const source = sources.get(file)
    return source === undefined ? getSourceFile(file, version, ...others) : ts.createSourceFile(file, source, version, true)
  }
  const program = ts.createProgram([...sources.keys()], settings, host)
  const errors = new Map<string, string>()
  examples.forEach(({ place }, index) => {
    const file = program.getSourceFile(nameOf(index))!
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]
    if (found.length > 0)
      errors.set(place, found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')).join('\n'))
  })
  return errors
}
