import type { GraphNode } from '../graph.js'
import type { GraphBuilder } from '../graph-builder.js'

export type ElementType = 'float32' | 'int32' | 'bool' | 'complex64' | 'string'

/** A tensor during tracing: where its values come from, and the element type that tfjs believes it has. All arithmetic is float64. */
export interface TracedTensor {
  readonly node: GraphNode
  readonly type: ElementType
}

export interface RuleArguments {
  readonly builder: GraphBuilder
  /** By the names that the tfjs kernel uses; list-valued kernels use '0', '1', ... */
  readonly inputs: Readonly<Record<string, TracedTensor>>
  readonly attributes: Readonly<Record<string, unknown>>
}

/** What a tfjs kernel means in graph nodes, shape rule included. */
export type KernelRule = (call: RuleArguments) => TracedTensor | readonly TracedTensor[]

/**
 * How the kernels of one family are recorded; adding an operation touches one such file, and one in `calls` if it is a routine over whole arrays.
 * Never imports tfjs.
 */
export interface KernelFamily {
  /** tfjs kernel name -> rule. */
  readonly rules: Readonly<Record<string, KernelRule>>
}

export function normalAxes(axes: unknown, rank: number): number[] {
  const list =
    axes === undefined || axes === null ? Array.from({ length: rank }, (_, axis) => axis) : Array.isArray(axes) ? axes : [axes]
  return (list as number[]).map((axis) => (axis < 0 ? axis + rank : axis))
}

export function axesOf(shape: readonly number[]): number[] {
  return shape.map((_, axis) => axis)
}
