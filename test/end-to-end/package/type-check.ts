import { createRequire } from 'node:module'
import { sep } from 'node:path'
import type ts from 'typescript'

const load = createRequire(import.meta.url)

export interface Compiler {
  readonly name: string
  readonly typescript: typeof ts
  /** Names of TypeScript's enums. */
  readonly module: 'CommonJS' | 'NodeNext'
  readonly moduleResolution: 'Node10' | 'NodeNext'
}

/** TypeScript 5.0.4 is the compiler inside the notebook kernel tslab. */
export const compilers: readonly Compiler[] = (
  [
    ['typescript', 'NodeNext', 'NodeNext'],
    ['@tslab/typescript-for-tslab', 'CommonJS', 'Node10'],
  ] as const
).map(([name, module, moduleResolution]) => {
  const typescript = load(name) as typeof ts
  return { name: `TypeScript ${typescript.version}, ${moduleResolution}`, typescript, module, moduleResolution }
})

export interface TypeProblems {
  /** Of the program and of the declarations of the package that it reaches; those of other packages are not looked at. */
  readonly package: readonly string[]
  readonly planted: readonly string[]
}

/** What the compiler has against a program, and against one with a planted fault. */
export function typeProblems({ typescript, ...kinds }: Compiler, file: string, planted: string): TypeProblems {
  const program = typescript.createProgram([file, planted], {
    strict: true,
    noEmit: true,
    target: typescript.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
    types: ['node'],
    module: typescript.ModuleKind[kinds.module],
    moduleResolution: resolution(typescript, kinds.moduleResolution),
  })
  const ours = program
    .getSourceFiles()
    .filter(({ fileName }) => fileName === file || fileName.includes(`node_modules${sep}poolite${sep}`))
  const problems = (sources: readonly ts.SourceFile[]) =>
    sources
      .flatMap((source) => [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)])
      .map((found) => problemText(typescript, found))
  return {
    package: ours.length < 2 ? ['the package was not found'] : problems(ours),
    planted: problems(program.getSourceFiles().filter(({ fileName }) => fileName === planted)),
  }
}

function problemText(typescript: typeof ts, { file, start, messageText }: ts.Diagnostic): string {
  const line = file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line + 1 : 0
  return `${file?.fileName}:${line} ${typescript.flattenDiagnosticMessageText(messageText, '\n')}`
}

/** TypeScript 5.0 calls the resolution of Node 10 NodeJs. */
function resolution({ ModuleResolutionKind }: typeof ts, name: Compiler['moduleResolution']): ts.ModuleResolutionKind {
  return ModuleResolutionKind[name] ?? ModuleResolutionKind.Node10
}
