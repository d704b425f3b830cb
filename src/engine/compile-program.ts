import { UntraceableError } from '../errors/untraceable-error.js'
import type { CompileOptions, EngineChoice, TensorFunction } from './compile.js'
import type { Graph } from './graph.js'
import { graphStructure } from './graph-structure.js'
import { optimise } from './optimise.js'
import { portableJavaScript, portableWebAssembly } from './print-program.js'
import type { PortableProgram } from './program.js'
import { recordTwice } from './record.js'
import { schedule } from './schedule.js'
import { selfCheck } from './self-check.js'
import type { Shape } from './shape.js'
import { splitStages } from './split-stages.js'
import { type ExtraInput, instantiateStaged, type PortableStagedProgram, withInputValues } from './staged-program.js'
import { runEager } from './tfjs.js'
import { webAssemblyIsMissing } from './webassembly/host.js'

/** A recorded function and the program that computes it. */
export interface CompiledProgram {
  readonly graph: Graph
  readonly portable: PortableStagedProgram
  readonly engine: EngineChoice
}

export interface ProgramJob {
  /** Of the free inputs. */
  readonly inputShapes: readonly Shape[]
  /** Called with the free inputs, then the extra ones. */
  readonly build: TensorFunction
  /** For a log density and its gradients: the same outputs, then terms of the first; and the first, then its terms, without gradients. */
  readonly checked?: { readonly build: TensorFunction; readonly withoutGradients: TensorFunction }
  readonly options: CompileOptions
  /** For messages. */
  readonly outputNames: readonly string[]
  /** @throws what forbids a graph that has been recorded, before it is compiled. */
  readonly examine?: (graph: Graph) => void
}

/**
 * Records, compiles and checks; or finds that what is recorded was compiled before.
 * @returns the reason why it cannot be compiled, where a slower engine is allowed
 * @throws ModelError as `compileFunction`
 */
export function compileProgram(job: ProgramJob): CompiledProgram | { readonly reason: string } {
  const { inputShapes, options } = job
  const build = job.checked?.build ?? job.build
  if (options.prefer === 'eager') return { reason: 'it was asked for' }
  const { name = 'the model', extraInputs = [], cache } = options
  const shapes = [...inputShapes, ...extraInputs.map(({ shape }) => shape)]
  const kept = cache?.programs.filter((program) => takesInputs(program, extraInputs)) ?? []
  const graphs = kept.map((program) => program.graph)
  try {
    const graph = recordTwice({ inputShapes: shapes, build, name, freeCount: inputShapes.length }, graphs)
    const known = kept[graphs.indexOf(graph)]
    if (known) return reused(known, job)
    job.examine?.(graph)
    const compiled = compileGraph(graph, job)
    cache?.add(compiled)
    return compiled
  } catch (error) {
    if (!(error instanceof UntraceableError) || options.strict) throw error
    return { reason: `${error.details.problem} (${error.details.reason})` }
  }
}

/** Graphs know their inputs by number only: whether those of the program have the same names here. */
function takesInputs({ portable }: CompiledProgram, extraInputs: readonly ExtraInput[]): boolean {
  return (portable.preparation?.inputs ?? []).every(({ name, place }) => extraInputs[place]?.name === name)
}

function reused(program: CompiledProgram, { options: { cache, extraInputs = [] } }: ProgramJob): CompiledProgram {
  cache?.reuse(program)
  const used = program.portable.preparation?.inputs ?? []
  const values = Object.fromEntries(used.map(({ name, place }) => [name, extraInputs[place].values]))
  return { ...program, portable: withInputValues(program.portable, values) }
}

function compileGraph(graph: Graph, { inputShapes, build, checked, options, outputNames }: ProgramJob): CompiledProgram {
  const { extraInputs = [], checkPoints, name } = options
  const freeCount = inputShapes.length
  const outputs = checked ? graph.outputs.slice(0, 1 + freeCount) : graph.outputs
  const { portable, engine } = print({ ...graph, outputs }, freeCount, options)
  const known = options.known ?? options.cache?.checked
  const structure = known && graphStructure(graph)
  if (structure !== undefined && known?.has(structure)) return { graph, portable, engine }
  const { program, setInputs } = instantiateStaged(portable)
  const used = portable.preparation?.inputs ?? []
  selfCheck({
    graph,
    program,
    extra: { freeCount, set: (values) => setInputs(Object.fromEntries(used.map((input) => [input.name, values[input.place]]))) },
    points: checkPoints.map((point, index) => [
      ...point,
      ...extraInputs.map(({ values }) => (index === 0 ? values : values.toReversed())),
    ]),
    runEager: (inputs) => runEager(inputs, build, name),
    runEagerTerms: checked && ((inputs) => runEager(inputs, checked.withoutGradients, name)),
    outputNames,
  })
  if (structure !== undefined) known?.note(structure)
  return { graph, portable, engine }
}

function print(graph: Graph, freeCount: number, options: CompileOptions): Pick<CompiledProgram, 'portable' | 'engine'> {
  const { extraInputs = [] } = options
  const engine = chooseEngine(options)
  const printed = (part: Graph): PortableProgram =>
    engine.engine === 'webassembly' ? portableWebAssembly(schedule(part)) : portableJavaScript(schedule(part))
  const optimised = optimise(graph, freeCount)
  if (extraInputs.length === 0) return { engine, portable: { program: printed(optimised) } }
  const { main, preparation, usedExtras } = splitStages(optimised, freeCount)
  const inputs = usedExtras.map((place) => ({ ...extraInputs[place], place }))
  const prepared = inputs.length > 0 ? { preparation: { program: printed(preparation), inputs } } : {}
  return { engine, portable: { program: printed(main), ...prepared } }
}

/** WebAssembly where the platform has it, else JavaScript. */
function chooseEngine({ prefer, strict }: CompileOptions): EngineChoice {
  const javascript = { engine: 'javascript', precision: 'float64' } as const
  if (prefer === 'javascript') return javascript
  const missing = webAssemblyIsMissing()
  if (missing === undefined) return { engine: 'webassembly', precision: 'float64' }
  if (!strict) return { ...javascript, fallbackReason: missing }
  throw new UntraceableError({
    problem: missing,
    reason: 'the strict setting allows no slower engine',
    remedy: 'Use a newer Node or leave out strict.',
  })
}
