import { ascending } from 'd3-array'
import type { Check, Evidence } from '../check.js'
import { cutOffs } from '../cut-offs.js'
import { eBfmi } from '../e-bfmi.js'
import { notAssessed, samplerScalar } from './sampler.js'

/** E-BFMI of every chain above its cut-off. */
export function checkEnergy({ sampler }: Evidence): Check {
  const energies = samplerScalar(sampler, 'energy')
  if (!energies) return notAssessed('e-bfmi', 'E-BFMI', 'the sampler recorded no energies')
  const findings = eBfmi(energies).map((value, chain) => ({ name: `chain ${chain + 1}`, value }))
  const assessed = findings.filter(({ value }) => !Number.isNaN(value)).sort((a, b) => ascending(a.value, b.value))
  const leftOut = findings.filter(({ value }) => Number.isNaN(value)).map(({ name }) => name)
  const worst = assessed[0]
  if (!worst) return { ...notAssessed('e-bfmi', 'E-BFMI', 'the energies are constant or not finite'), leftOut }
  const failures = assessed.filter(({ value }) => value <= cutOffs.eBfmi)
  const extreme = `lowest in ${worst.name} at ${worst.value.toFixed(2)}`
  return {
    name: 'e-bfmi',
    title: 'E-BFMI',
    status: failures.length > 0 ? 'failed' : 'passed',
    worst,
    cutOff: cutOffs.eBfmi,
    failureCount: failures.length,
    failures,
    leftOut,
    message:
      failures.length > 0
        ? `E-BFMI of ${failures.length} of ${assessed.length} chains is not above ${cutOffs.eBfmi}, ${extreme}. The energy changes too little ` +
          'from draw to draw to reach the tails. Run longer; if it stays low, reparameterise (a non-centred form) or use lighter-tailed priors.'
        : `E-BFMI of every chain is above ${cutOffs.eBfmi}, ${extreme}.`,
  }
}
