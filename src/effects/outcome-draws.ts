import type { OutcomeSummary, PersonEffect } from '../contract/analysis.js'
import type { Draws } from '../draws/draws.js'
import type { ArmOutcomes } from './arm-outcomes.js'
import { selectQuantiles } from './select-quantiles.js'

/**
 * Outcomes of people under each arm as draws: `expected_control[person]`, `expected_treated[person]` in the average setting, and `outcome_control[person]`,
 * `outcome_treated[person]` of one patient in a new setting; outcome units.
 * @param ids of the people, in the order of `outcomes`
 */
export function outcomeDraws(ids: readonly string[], outcomes: readonly ArmOutcomes[], chainCount: number): Draws {
  const person = { name: 'person', labels: ids }
  const total = outcomes[0]?.expected.control.length ?? 0
  const together = (of: (one: ArmOutcomes) => Float64Array) => {
    const columns = outcomes.map(of)
    return Float64Array.from({ length: total * ids.length }, (_, at) => columns[at % ids.length][Math.floor(at / ids.length)])
  }
  const parts: [name: string, of: (one: ArmOutcomes) => Float64Array][] = [
    ['expected_control', ({ expected }) => expected.control],
    ['expected_treated', ({ expected }) => expected.treated],
    ['outcome_control', ({ predicted }) => predicted.control],
    ['outcome_treated', ({ predicted }) => predicted.treated],
  ]
  return {
    chainCount,
    drawCount: total / chainCount,
    variables: parts.map(([name, of]) => ({ name, dimensions: [person], values: together(of) })),
  }
}

/** Of the control arm, then of the treated one. */
export function outcomeSummaries({ expected, predicted }: ArmOutcomes): OutcomeSummary[] {
  return (['control', 'treated'] as const).map((arm) => {
    const draws = expected[arm]
    const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length
    const sd = Math.sqrt(draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / (draws.length - 1))
    const [lower, upper] = selectQuantiles(draws.slice(), ENDS)
    const [ownLower, ownUpper] = selectQuantiles(predicted[arm].slice(), ENDS)
    return { arm, mean, sd, lower, upper, onePerson: { lower: ownLower, upper: ownUpper } }
  })
}

const ENDS = [0.025, 0.975]

/** Effects with what is said of the same people's outcomes. */
export function withOutcomes(effects: PersonEffect[], outcomes: readonly ArmOutcomes[] | undefined): PersonEffect[] {
  return outcomes ? effects.map((effect, place) => ({ ...effect, outcomes: outcomeSummaries(outcomes[place]) })) : effects
}
