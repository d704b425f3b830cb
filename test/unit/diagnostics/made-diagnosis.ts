import { type Diagnosis, diagnose } from '../../../diagnostics/convergence/diagnose.js'
import { quietSampler, scalarDraws } from './made-draws.js'

/** Diagnosis of scalars, `[chain][draw]` each, with a quiet sampler apart from the scalars given, at a maximum tree depth of 10. */
export function made(
  scalars: Readonly<Record<string, readonly Float64Array[]>>,
  sampler: Readonly<Record<string, readonly Float64Array[]>> = {},
): Diagnosis {
  const draws = scalarDraws(scalars)
  return diagnose(draws, quietSampler(draws.chainCount, draws.drawCount, sampler), { maximumTreeDepth: 10 })
}
