/**
 * A seeded source of uniform random numbers; every random draw in poolite takes one as its first argument.
 * Streams are made from (seed, purpose, study, chain) by `random/stream.ts`, so that nothing depends on the order in which jobs run.
 */
export interface Stream {
  /** Uniform on the open interval (0, 1), 53 random bits, never 0 or 1. */
  uniform(): number
}
