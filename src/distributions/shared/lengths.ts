import type { Dimension } from '../../draws/draws.js'

/** Length of each axis of a declared shape. */
export function lengths(shape: readonly (number | Dimension)[]): number[] {
  return shape.map((axis) => (typeof axis === 'number' ? axis : axis.labels.length))
}
