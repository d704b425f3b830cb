import type { Person } from '../../../src/contract/analysis.js'
import { firstStageMemory, predictFold } from '../../../src/cross-validation/fold-predictions.js'
import { judgeWork, prepareWork } from '../../../src/cross-validation/validate.js'
import { fitAll } from '../../../src/cross-validation/validation-fits.js'
import { predictAll } from '../../../src/cross-validation/validation-predictions.js'
import { benefitUnit, type Work } from '../../../src/cross-validation/validation-work.js'
import { parseProtocol } from '../../../src/data/parse-protocol.js'
import type { Protocol } from '../../../src/data/protocol.js'
import { readTable } from '../../../src/data/read-table.js'
import type { Table } from '../../../src/data/table.js'
import { withFits } from '../../../src/fitting/fits.js'
import type { SimulatedData } from '../../../src/simulation/scenario-family.js'
import type { FittedTrial } from '../../../src/stages/stage-input.js'
import { constantEffect } from '../../../src/validation/constant-effect.js'

export interface RegretRecord {
  readonly scenario: string
  readonly replicate: number
  readonly names: readonly string[]
  /** Mean absolute error of the individualised effect over the patients of new trials, `[candidate]`. */
  readonly errors: readonly number[]
  /** Pooled gain over the constant effect, `[candidate]`. */
  readonly gains: readonly number[]
  readonly chosen: string
  readonly best: string
  /** (error of the chosen - error of the best) / error of the best */
  readonly regret: number
  readonly seconds: number
}

type Candidates = NonNullable<NonNullable<Protocol['validation']>['candidates']>

/** Validates on the training trials, chooses, and compares with the errors that all candidates make in the new trials when they have all training trials. */
export async function regretOf(
  data: SimulatedData,
  candidates: Candidates,
  draws: number,
): Promise<Omit<RegretRecord, 'scenario' | 'replicate'>> {
  const start = performance.now()
  const protocol = protocolOf(data, candidates, draws)
  const work = await prepareWork({ protocol, table: tableOf(data), workers: 0 })
  return withFits({ workers: 0 }, {}, async (fits) => {
    const fitted = await fitAll(work, fits)
    const { candidates: results, recommendation } = judgeWork(work, fitted, await predictAll(work, fitted, fits))
    const { people, truth } = newPatients(data)
    const constant = constantEffect(work.designs).estimate * benefitUnit(protocol)
    const errors = [
      meanAbsoluteError(
        truth.map(() => constant),
        truth,
      ),
    ]
    for (const candidate of work.candidates) {
      const all = fitted.get(candidate.modelKey)!
      const request = {
        training: all as readonly FittedTrial[],
        people,
        columns: work.designs[0].columns,
        isInner: false,
        memory: firstStageMemory(work.designs.length, patientCount(work)),
      }
      const { means } = await predictFold(candidate, request, fits)
      errors.push(meanAbsoluteError(means, truth))
    }
    const least = Math.min(...errors)
    return {
      names: results.map(({ name }) => name),
      errors,
      gains: results.map(({ pooled }) => pooled.gain.estimate),
      chosen: results[recommendation.candidate].name,
      best: results[errors.indexOf(least)].name,
      regret: (errors[recommendation.candidate] - least) / least,
      seconds: (performance.now() - start) / 1000,
    }
  })
}

const patientCount = ({ designs }: Work): number => designs.reduce((sum, { outcome }) => sum + outcome.length, 0)

function meanAbsoluteError(predicted: Float64Array, truth: Float64Array): number {
  return predicted.reduce((sum, value, person) => sum + Math.abs(value - truth[person]), 0) / truth.length
}

/** Constants that no trial has a say in. */
function protocolOf({ covariateNames }: SimulatedData, candidates: Candidates, draws: number): Protocol {
  const covariates = covariateNames.map((name) => ({ name, type: 'continuous', centre: 0, scale: 1 }))
  const protocol = {
    poolite: 1,
    title: 'regret',
    data: { study: 'study', treatment: { column: 'treatment', control: '0', treated: '1' } },
    outcome: { column: 'outcome', better: 'higher', centre: 3, scale: 3 },
    covariates,
    inference: { seed: 1, chains: 2, warmup: draws, draws },
    validation: { candidates, nested: false },
  }
  return parseProtocol(JSON.stringify(protocol), 'regret.json')
}

function tableOf({ covariateNames, trainingTrials }: SimulatedData): Table {
  const width = covariateNames.length
  const rows = trainingTrials.flatMap(({ study, covariates, treatment, outcome }) =>
    Array.from(outcome, (value, patient) =>
      [study, treatment[patient], value, ...covariates.subarray(patient * width, (patient + 1) * width)].join(','),
    ),
  )
  return readTable([['study', 'treatment', 'outcome', ...covariateNames].join(','), ...rows].join('\n'), 'regret.csv')
}

/** Every fifth patient of the new trials: predictions of a Gaussian process are not free. */
const STEP = 5

function newPatients({ covariateNames, testTrials }: SimulatedData): { people: Person[]; truth: Float64Array } {
  const width = covariateNames.length
  const all = testTrials.flatMap(({ study, covariates, treatmentEffect }) =>
    Array.from(treatmentEffect, (effect, patient) => ({
      effect,
      person: {
        kind: 'new-patient' as const,
        id: `${study}-${patient}`,
        study,
        covariates: Object.fromEntries(covariateNames.map((name, column) => [name, covariates[patient * width + column]])),
      },
    })),
  )
  const taken = all.filter((_, place) => place % STEP === 0)
  return { people: taken.map(({ person }) => person), truth: Float64Array.from(taken, ({ effect }) => effect) }
}
