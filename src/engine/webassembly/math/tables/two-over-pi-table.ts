import { table } from './table.js'

/** Exponents of two per block: block b serves 2^(16 b) <= |x| < 2^(16 b + 16). */
export const EXPONENTS_PER_BLOCK = 16
export const BLOCKS = 64
/** Parts of 26 bits, so that the product of one with half a number's bits is exact. */
const PART_BITS = 26
export const PARTS = 8
/** The leading part of each block has this weight at its last bit: multiples of 4 times a number's last bit, 2^-52, are left out. */
const LEADING_WEIGHT = 54 - PART_BITS

/** 2^(16 b) 2/pi less multiples of 2^54, in eight parts: a table of blocks for each two of them. */
export const twoOverPiTables = Array.from({ length: PARTS / 2 }, (_, pair) =>
  table(`twoOverPiTable${pair}`, BLOCKS, () =>
    Array.from({ length: BLOCKS }, (_, block) => [part(block, 2 * pair), part(block, 2 * pair + 1)]).flat(),
  ),
)

function part(block: number, index: number): number {
  const lastBit = LEADING_WEIGHT - PART_BITS * index
  const shift = BigInt(EXPONENTS_PER_BLOCK * block - lastBit)
  const bits = shift < 0n ? twoOverPi() >> (FRACTION_BITS - shift) : (twoOverPi() << shift) >> FRACTION_BITS
  return Number(BigInt.asUintN(PART_BITS, bits)) * 2 ** lastBit
}

/** 1024 for the exponents, 160 for the digits that the last block needs, and a few for rounding. */
const FRACTION_BITS = 1216n
let known: bigint | undefined

/** 2/pi times 2^FRACTION_BITS, from Machin's formula pi/4 = 4 atan(1/5) - atan(1/239). */
function twoOverPi(): bigint {
  const one = 1n << (FRACTION_BITS + 32n)
  known ??= (one << FRACTION_BITS) / (2n * (4n * arctangentOfInverse(5n, one) - arctangentOfInverse(239n, one)))
  return known
}

function arctangentOfInverse(n: bigint, one: bigint): bigint {
  let power = one / n
  let sum = power
  for (let odd = 3n, sign = -1n; power !== 0n; odd += 2n, sign = -sign) {
    power /= n * n
    sum += (sign * power) / odd
  }
  return sum
}
