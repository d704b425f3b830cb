/**
 * Discrete Fourier transform of a complex sequence whose length is a power of two, in place: decimation in time, radix 2
 * (Cooley and Tukey 1965, 10.1090/S0025-5718-1965-0178586-1). O(n log n), not normalised: twice gives n times the reversed sequence.
 */
export function fourierTransform(real: Float64Array, imaginary: Float64Array): void {
  const length = real.length
  const { cosine, sine } = rootsOfUnity(length)
  reverseBits(real)
  reverseBits(imaginary)
  for (let half = 1; half < length; half *= 2) {
    const stride = length / (2 * half)
    for (let start = 0; start < length; start += 2 * half)
      for (let offset = 0; offset < half; offset++) {
        const even = start + offset
        const odd = even + half
        const c = cosine[offset * stride]
        const s = sine[offset * stride]
        const re = real[odd] * c + imaginary[odd] * s
        const im = imaginary[odd] * c - real[odd] * s
        real[odd] = real[even] - re
        imaginary[odd] = imaginary[even] - im
        real[even] += re
        imaginary[even] += im
      }
  }
}

function reverseBits(values: Float64Array): void {
  for (let index = 1, reversed = 0; index < values.length; index++) {
    let bit = values.length >> 1
    for (; reversed & bit; bit >>= 1) reversed ^= bit
    reversed ^= bit
    if (index < reversed) {
      const held = values[index]
      values[index] = values[reversed]
      values[reversed] = held
    }
  }
}

interface Roots {
  readonly cosine: Float64Array
  readonly sine: Float64Array
}
const tables = new Map<number, Roots>()

/** Cosine and sine of 2 pi k / length for the first half of a turn, kept between calls. */
function rootsOfUnity(length: number): Roots {
  const known = tables.get(length)
  if (known) return known
  const angles = Float64Array.from({ length: length / 2 }, (_, index) => (2 * Math.PI * index) / length)
  const roots = { cosine: angles.map(Math.cos), sine: angles.map(Math.sin) }
  tables.set(length, roots)
  return roots
}
