import type { Program } from './program.js'

/**
 * Compares the gradient that a program computes with central differences of the value that it computes, in float64, along one direction d:
 *
 *     (f(x + h d) - f(x - h d)) / 2h   against   g . d
 *
 * Every input has its own part of d, of size one over its largest gradient, so that each counts alike and an error in any element shows.
 */

/** In a sum to which every input contributes about 1: an element that is off by this share of the largest one of its input is noticed. */
const TOLERANCE = 1e-5
/** Of the largest gradient of an input; below, the direction would lead far from the point. */
const SMALLEST_GRADIENT = 1e-3

/**
 * Whether the outputs after the first are beyond doubt the gradients of the first with respect to the inputs, in order. Where differences tell
 * little, because a gradient nearly vanishes, or the function has a kink or is not finite nearby, the answer is no.
 * @param point one array per input
 * @param outputs of the program at that point
 */
export function agreesWithDifferences(
  program: Program,
  point: readonly Float64Array[],
  outputs: readonly Float64Array[],
): boolean {
  const [[value], ...gradients] = outputs
  const scales = gradients.map((gradient) => gradient.reduce((largest, slope) => Math.max(largest, Math.abs(slope)), 0))
  if (gradients.some((gradient, input) => gradient.length > 0 && !(scales[input] >= SMALLEST_GRADIENT))) return false
  const directions = gradients.map((gradient, input) => gradient.map((_, element) => weight(element) / scales[input]))
  const along = gradients.reduce(
    (sum, gradient, input) => gradient.reduce((part, slope, element) => part + slope * directions[input][element], sum),
    0,
  )
  // Truncation and rounding err by about the same for this step.
  const step = Math.cbrt(Number.EPSILON * Math.max(1, Math.abs(value)))
  const difference = (size: number) =>
    (valueAt(program, point, directions, size) - valueAt(program, point, directions, -size)) / (2 * size)
  const [coarse, fine] = [difference(step), difference(step / 2)]
  return Math.abs(coarse - fine) <= TOLERANCE && Math.abs(fine - along) <= TOLERANCE
}

/** Between 1/2 and 1 in size, of either sign, without a pattern. */
function weight(element: number): number {
  const wave = Math.sin(12.9898 * (element + 1))
  return Math.sign(wave) * (1 + Math.abs(wave)) * 0.5
}

function valueAt(program: Program, point: readonly Float64Array[], directions: readonly Float64Array[], step: number): number {
  const { memory, inputOffsets, outputs } = program
  point.forEach((values, input) => {
    for (let element = 0; element < values.length; element++)
      memory[inputOffsets[input] + element] = values[element] + step * directions[input][element]
  })
  program.run()
  return memory[outputs[0].offset]
}
