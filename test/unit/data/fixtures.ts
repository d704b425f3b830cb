import { type Protocol, protocolSchema } from '../../../src/data/protocol.js'
import { readTable } from '../../../src/data/read-table.js'
import { readTrials } from '../../../src/data/read-trials.js'
import type { PooliteError } from '../../../src/errors/poolite-error.js'

export const minimalProtocol = {
  poolite: 1,
  title: 'A test',
  data: { study: 'study', patient: 'id', treatment: { column: 'treat', control: 'placebo', treated: 'drug' } },
  outcome: { column: 'y', better: 'higher', centre: 50, scale: 10 },
  covariates: [
    { name: 'age', type: 'continuous', centre: 40, scale: 8, range: [18, 65] },
    { name: 'smoker', type: 'binary', labels: ['no', 'yes'] },
    { name: 'clinic', type: 'categorical', levels: ['NY', 'MN', 'KY'], reference: 'MN' },
  ],
} as const

export function protocolWith(changes: Record<string, unknown> = {}): Protocol {
  return protocolSchema.parse({ ...minimalProtocol, ...changes })
}

/** Age as the only covariate. */
export function ageProtocol(changes: Record<string, unknown> = {}): Protocol {
  return protocolWith({ covariates: [minimalProtocol.covariates[0]], ...changes })
}

export const header = 'study,id,treat,y,age,smoker,clinic'

export function reading(protocol: Protocol, ...lines: string[]) {
  return readTrials(readTable(lines.join('\n'), 'trials.csv'), protocol)
}

/** `count` patients of a trial in alternating arms whose ages and outcomes vary: a design of full rank. */
export function trialLines(study: string, count: number, start = 0): string[] {
  return Array.from({ length: count }, (_, index) => {
    const age = 20 + ((7 * index * index + 3 * index) % 40)
    return `${study},${start + index},${index % 2 ? 'drug' : 'placebo'},${50 + ((5 * index) % 13)},${age},${index % 3 ? 'no' : 'yes'},${['NY', 'MN', 'KY'][(index % 5) % 3]}`
  })
}

/** The error that a function throws. */
export function thrown(act: () => unknown): PooliteError {
  try {
    act()
  } catch (error) {
    return error as PooliteError
  }
  throw new Error('nothing was thrown')
}
