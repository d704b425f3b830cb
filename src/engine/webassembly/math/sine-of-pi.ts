import { absolute, multiply, nearest, polynomial, subtract, type Writer } from './function-writer.js'

/** sin(pi d) / (pi d) and cos(pi d) in d^2 for |d| <= 1/2: own Remez fits of degree 8 and 9, absolute error below 2^-60. */
const SINE = [
  1.0, -1.6449340668482264, 0.8117424252833394, -0.190751824121497, 0.02614784780556411, -0.0023460808955763825,
  0.00014842784195120558, -6.972100972865744e-6, 2.4503074975267224e-7,
]
const COSINE = [
  1.0, -4.934802200544679, 4.058712126416768, -1.335262768854555, 0.235330630357996, -0.02580689137660447, 0.001929574187359324,
  -0.00010463741712642142, 4.300724831675144e-6, -1.3435271519780108e-7,
]

export interface SineOfPi {
  /** a less the nearest integer, exact, in [-1/2, 1/2]. */
  readonly offset: string
  /** Its magnitude. */
  readonly distance: string
  /** sin(pi offset) / (pi offset). */
  readonly ratio: string
}

/** The parts of sin(pi a), for reflection formulas. */
export function sineOfPiRatio({ keep }: Writer, a: string): SineOfPi {
  const offset = keep(subtract(a, nearest(a)))
  const square = keep(multiply(offset, offset))
  return { offset, distance: keep(absolute(offset)), ratio: keep(polynomial(square, SINE)) }
}

/** cos(pi offset) for |offset| <= 1/2. */
export function cosineOfPi({ keep }: Writer, offset: string): string {
  const square = keep(multiply(offset, offset))
  return keep(polynomial(square, COSINE))
}
