import type { Draws } from '../../../src/draws/draws.js'

/** Two chains of two draws: a scalar, a vector with awkward labels and a matrix. Element values tell chain, draw and index apart. */
export const draws: Draws = {
  chainCount: 2,
  drawCount: 2,
  variables: [
    { name: 'sigma', dimensions: [], values: Float64Array.of(11, 12, 21, 22) },
    {
      name: 'gamma',
      dimensions: [{ name: 'modifier', labels: ['age', 'clinic="B"', 'treatment:x'] }],
      values: Float64Array.of(111, 112, 113, 121, 122, 123, 211, 212, 213, 221, 222, 223),
    },
    {
      name: 'Omega',
      dimensions: [
        { name: 'row', labels: ['a', 'b'] },
        { name: 'column', labels: ['a', 'b'] },
      ],
      values: Float64Array.of(1, 0.1, 0.2, 2, 3, 0.3, 0.4, 4, 5, 0.5, 0.6, 6, 7, 0.7, 0.8, 8),
    },
  ],
}
