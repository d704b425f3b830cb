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
 * Whole-array routine in plain JavaScript: reads operands at their offsets in `memory`, writes results at theirs. No allocation, no
 * exception: arithmetic that has no answer writes NaN.
 */
export type CallKernel = (
  memory: Float64Array,
  operands: readonly number[],
  results: readonly number[],
  settings: readonly number[],
) => void

/** All that one family of kernels needs to be traced and run; adding an operation touches one such file. Never imports tfjs. */
export interface KernelFamily {
  /** tfjs kernel name -> rule. */
  readonly rules: Readonly<Record<string, KernelRule>>
  readonly calls?: Readonly<Record<string, CallKernel>>
}

export function normalAxes(axes: unknown, rank: number): number[] {
  const list =
    axes === undefined || axes === null ? Array.from({ length: rank }, (_, axis) => axis) : Array.isArray(axes) ? axes : [axes]
  return (list as number[]).map((axis) => (axis < 0 ? axis + rank : axis))
}

export function axesOf(shape: readonly number[]): number[] {
  return shape.map((_, axis) => axis)
}
