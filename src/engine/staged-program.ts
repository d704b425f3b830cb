import { UsageError } from '../errors/usage-error.js'
import { instantiate, type PortableProgram, type Program } from './program.js'
import { type Shape, sizeOf } from './shape.js'

/** An input that is set now and then and not at every run: data, case weights, a minibatch, fixed noise. */
export interface ExtraInput {
  readonly name: string
  readonly shape: Shape
  /** Row-major. */
  readonly values: Float64Array
}

/** Values of extra inputs by name, row-major. */
export type InputValues = Readonly<Record<string, Float64Array>>

export interface PlacedInput extends ExtraInput {
  /** Among all extra inputs of the function, those that it does not use included. */
  readonly place: number
}

/** What computes from the extra inputs, when they are set, the last inputs of a program. */
export interface Preparation {
  readonly program: PortableProgram
  /** In the order of the program's inputs, with the values they have when it is brought to life. */
  readonly inputs: readonly PlacedInput[]
}

/** A program as plain data, with what prepares its last inputs where it has extra inputs. */
export interface PortableStagedProgram {
  readonly program: PortableProgram
  readonly preparation?: Preparation
}

export interface StagedProgram {
  readonly program: Program
  readonly extraInputs: readonly Pick<ExtraInput, 'name' | 'shape'>[]
  /** @throws UsageError for a name that is not an extra input, or values of another length */
  setInputs(values: InputValues): void
}

export function instantiateStaged({ program: main, preparation }: PortableStagedProgram): StagedProgram {
  const program = instantiate(main)
  if (!preparation) return { program, extraInputs: [], setInputs: (values) => checkInputs([], values) }
  const { inputs } = preparation
  const preparing = instantiate(preparation.program)
  const firstPrepared = program.inputOffsets.length - preparing.outputs.length
  const prepare = () => {
    preparing.run()
    preparing.outputs.forEach(({ offset, size }, index) => {
      program.memory.set(preparing.memory.subarray(offset, offset + size), program.inputOffsets[firstPrepared + index])
    })
  }
  inputs.forEach(({ values }, index) => {
    preparing.memory.set(values, preparing.inputOffsets[index])
  })
  prepare()
  return {
    program,
    extraInputs: inputs.map(({ name, shape }) => ({ name, shape })),
    setInputs(values) {
      checkInputs(inputs, values)
      inputs.forEach(({ name }, index) => {
        if (name in values) preparing.memory.set(values[name], preparing.inputOffsets[index])
      })
      prepare()
    },
  }
}

/** The same program with other values of some of its extra inputs. @throws UsageError as `setInputs` */
export function withInputValues<Portable extends PortableStagedProgram>(portable: Portable, values: InputValues): Portable {
  const { preparation } = portable
  checkInputs(preparation?.inputs ?? [], values)
  if (!preparation) return portable
  const inputs = preparation.inputs.map((input) =>
    input.name in values ? { ...input, values: new Float64Array(values[input.name]) } : input,
  )
  return { ...portable, preparation: { ...preparation, inputs } }
}

export function checkInputs(inputs: readonly Pick<ExtraInput, 'name' | 'shape'>[], values: InputValues): void {
  for (const [name, given] of Object.entries(values)) {
    const input = inputs.find((one) => one.name === name)
    if (!input)
      throw new UsageError({
        problem: `there is no input "${name}" to set`,
        reason: inputs.length > 0 ? `the inputs are ${inputs.map((one) => `"${one.name}"`).join(', ')}` : 'there are none',
        remedy: 'Set inputs that were declared when the function was compiled and that it uses.',
      })
    if (given.length !== sizeOf(input.shape))
      throw new UsageError({
        problem: `input "${name}" is given ${given.length} values`,
        reason: `its shape is [${input.shape}]`,
        remedy: `Give ${sizeOf(input.shape)} values; another shape needs a program of its own.`,
      })
  }
}
