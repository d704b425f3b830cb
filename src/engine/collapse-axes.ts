import type { LoopStep, Operand, Statement } from './schedule.js'

/**
 * Merges neighbouring loop axes wherever every operand and every result runs through both with one stride, so that a loop over a contiguous
 * matrix becomes one long loop.
 */
export function collapseAxes(step: LoopStep): LoopStep {
  for (let axis = step.lengths.length - 2; axis >= 0; axis--) if (canMerge(step, axis)) return collapseAxes(merge(step, axis))
  return step
}

function strideLists({ statements }: LoopStep): (readonly number[])[] {
  return statements.flatMap((statement) => {
    const operands = statement.kind === 'map' ? statement.operands : statement.factors
    const read = operands.flatMap((operand) => (operand.kind === 'memory' ? [operand.strides] : []))
    return statement.kind === 'reduce' ? [...read, statement.strides] : read
  })
}

function canMerge(step: LoopStep, axis: number): boolean {
  const inner = step.lengths[axis + 1]
  if (!strideLists(step).every((strides) => strides[axis] === strides[axis + 1] * inner)) return false
  return step.statements.every((one) => one.kind === 'map' || one.axes.includes(axis) === one.axes.includes(axis + 1))
}

function merge(step: LoopStep, axis: number): LoopStep {
  const drop = (values: readonly number[]) => values.filter((_, position) => position !== axis)
  const operand = (one: Operand): Operand => (one.kind === 'memory' ? { ...one, strides: drop(one.strides) } : one)
  const statement = (one: Statement): Statement =>
    one.kind === 'map'
      ? { ...one, operands: one.operands.map(operand) }
      : {
          ...one,
          factors: one.factors.map(operand),
          strides: drop(one.strides),
          axes: one.axes.filter((position) => position !== axis).map((position) => (position > axis ? position - 1 : position)),
        }
  const lengths = step.lengths.flatMap((length, position) =>
    position === axis ? [] : [position === axis + 1 ? length * step.lengths[axis] : length],
  )
  return { kind: 'loop', lengths, statements: step.statements.map(statement) }
}
