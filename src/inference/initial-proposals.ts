import type { Stream } from '../contract/stream.js'

/** Where a chain may start, on the unconstrained scale, `[dimension]`; called again while the log density there is not finite. */
export type Proposal = (stream: Stream, chain: number) => Float64Array

/** Uniform on (-radius, radius) in every direction, as Stan with its radius of 2. */
export function uniformProposal(dimension: number, radius = 2): Proposal {
  return (stream) => Float64Array.from({ length: dimension }, () => radius * (2 * stream.uniform() - 1))
}

/** The origin, for every chain. */
export function zeroProposal(dimension: number): Proposal {
  return () => new Float64Array(dimension)
}

/** Given positions, chain c at number c modulo their count. */
export function givenProposal(positions: readonly Float64Array[]): Proposal {
  return (_, chain) => positions[chain % positions.length]
}
