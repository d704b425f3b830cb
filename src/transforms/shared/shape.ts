import { UsageError } from '../../errors/usage-error.js'

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1)
}

/**
 * Leading axes and the last `count` axes of a shape.
 * @throws UsageError when there are fewer axes.
 */
export function splitShape(shape: readonly number[], count: number, transform: string): { batch: number[]; event: number[] } {
  if (shape.length < count)
    throw new UsageError({
      problem: `${transform} cannot have the shape [${shape.join(', ')}]`,
      reason: `it needs ${count === 1 ? 'one axis' : `${count} axes`} at least`,
      remedy: `Declare the parameter with a shape such as [${Array.from({ length: count }, () => 3).join(', ')}].`,
    })
  return { batch: shape.slice(0, shape.length - count), event: shape.slice(shape.length - count) }
}
