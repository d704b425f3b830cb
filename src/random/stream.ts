/**
 * Seeded streams of uniform random numbers, one per (seed, purpose, study, chain), so that no draw depends on the order in which jobs run.
 *
 * The generator is seedrandom's xor4096 (Brent 2010, arXiv 1004.3115). Its own seeding of a string is linear in the characters; keys that
 * differ in one digit are therefore first spread over 256 bits by seedrandom's ARC4 generator.
 */
import seedrandom from 'seedrandom'
import type { Stream } from '../contract/stream.js'
import { UsageError } from '../errors/usage-error.js'

/** State of a stream as plain JSON data. */
export interface StreamState {
  /** Position in `X`. */
  readonly i: number
  /** Weyl counter, a 32-bit integer. */
  readonly w: number
  /** 128 32-bit integers. */
  readonly X: readonly number[]
}

export interface SeededStream extends Stream {
  /** Copy of the present state: `restoreStream(stream.state())` continues with the same numbers. */
  state(): StreamState
}

/**
 * The stream of this seed and path, such as `stream(1, 'sampling', 'trial-3', 2)`. Different seeds and paths give unrelated streams;
 * the number 1 and the string '1' are different path elements.
 *
 * @throws UsageError when the seed or a number of the path is not a safe integer.
 * @example
 * ```ts
 * import { drawNormal, stream } from 'poolite'
 *
 * drawNormal(stream(1, 'example')) === drawNormal(stream(1, 'example')) // => true
 * drawNormal(stream(1, 'example')) === drawNormal(stream(2, 'example')) // => false
 * ```
 */
export function stream(seed: number, ...path: readonly (string | number)[]): SeededStream {
  for (const element of [seed, ...path]) if (typeof element === 'number') checkInteger(element)
  return fromGenerator(seedrandom.xor4096(spread(JSON.stringify([seed, ...path])), { state: true }))
}

/** The stream that `state()` was called on, as it was then. */
export function restoreStream(state: StreamState): SeededStream {
  return fromGenerator(seedrandom.xor4096('', { state: { i: state.i, w: state.w, X: [...state.X] } }))
}

function fromGenerator(generator: seedrandom.StatefulPRNG<seedrandom.State.Xor4096>): SeededStream {
  return { uniform: generator.double, state: generator.state }
}

/** 256 bits as 64 hexadecimal digits. ARC4 reads one byte per character, hence the escapes; JSON text is never a repetition of another. */
function spread(json: string): string {
  const ascii = json.replace(/[^ -~]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
  const source = seedrandom(ascii)
  return Array.from({ length: 8 }, () => (source.int32() >>> 0).toString(16).padStart(8, '0')).join('')
}

function checkInteger(value: number): void {
  if (Number.isSafeInteger(value)) return
  throw new UsageError({
    problem: `${value} cannot seed a stream of random numbers`,
    reason: 'seeds and numbers in the path of a stream are integers up to 2^53 in size',
    remedy: 'Give an integer, such as 1.',
  })
}
