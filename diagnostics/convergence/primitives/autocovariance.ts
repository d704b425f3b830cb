import { type Chains, chainLength } from './chains.js'
import { fourierTransform } from './fourier.js'
import { mean } from './moments.js'

/**
 * Mean over chains of the autocovariance at every lag, `[draw]`:
 * c_t = (1 / N) sum_n (x_n - mean)(x_{n+t} - mean), the biased estimate that Geyer (1992, 10.1214/ss/1177011137) recommends.
 *
 * By the Wiener-Khinchin theorem it is the transform of the power spectrum of the zero-padded chain. Two chains share one complex
 * transform, since only the sum of their power spectra is needed: for z = a + ib the even part of |Z_k|^2 is |A_k|^2 + |B_k|^2.
 */
export function meanAutocovariance(chains: Chains): Float64Array {
  const length = chainLength(chains)
  const padded = 2 ** Math.ceil(Math.log2(2 * length))
  const power = new Float64Array(padded)
  for (let chain = 0; chain < chains.length; chain += 2) {
    const real = centred(chains[chain], padded)
    const imaginary = chain + 1 < chains.length ? centred(chains[chain + 1], padded) : new Float64Array(padded)
    fourierTransform(real, imaginary)
    for (let index = 0; index < padded; index++) power[index] += real[index] ** 2 + imaginary[index] ** 2
  }
  fourierTransform(power, new Float64Array(padded))
  const scale = padded * length * chains.length
  return power.subarray(0, length).map((value) => value / scale)
}

function centred(chain: Float64Array, padded: number): Float64Array {
  const values = new Float64Array(padded)
  const centre = mean(chain)
  for (let draw = 0; draw < chain.length; draw++) values[draw] = chain[draw] - centre
  return values
}
