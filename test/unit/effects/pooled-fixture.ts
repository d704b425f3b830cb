import seedrandom from 'seedrandom'
import type { Draws } from '../../../src/draws/draws.js'

const coefficient = { name: 'coefficient', labels: ['treatment', 'treatment:age'] }
const study = { name: 'study', labels: ['A', 'B'] }

/** Two coefficients, two trials, independent uniform draws. */
export function pooledFixture({
  chainCount = 2,
  drawCount = 50,
  tau = [0.3, 0.1] as readonly number[],
  hasCorrelation = false,
} = {}): Draws {
  const uniform = seedrandom('pooled')
  const total = chainCount * drawCount
  const filled = (length: number) => Float64Array.from({ length }, () => uniform() - 0.4)
  return {
    chainCount,
    drawCount,
    variables: [
      { name: 'mu', dimensions: [coefficient], values: filled(total * 2) },
      { name: 'theta_new', dimensions: [coefficient], values: filled(total * 2) },
      { name: 'theta', dimensions: [study, coefficient], values: filled(total * 4) },
      { name: 'tau', dimensions: [coefficient], values: Float64Array.from({ length: total * 2 }, (_, at) => tau[at % 2]) },
      ...(hasCorrelation
        ? [
            {
              name: 'Omega',
              dimensions: [coefficient, coefficient],
              values: Float64Array.from({ length: total * 4 }, (_, at) => [1, 0.5, 0.5, 1][at % 4]),
            },
          ]
        : []),
    ],
  }
}

export const ageColumn = {
  name: 'age',
  covariate: 'age',
  unit: 'years',
  centre: 50,
  scale: 10,
  isPrognostic: true,
  isModifier: true,
}
export const prognosticColumn = { name: 'site', covariate: 'site', centre: 0, scale: 1, isPrognostic: true, isModifier: false }
