/**
 * Writes the bundled example: ten simulated trials and, apart, the truth about every patient. Run `npm run example:data` from the repository
 * root; the same seed gives the same bytes.
 */
import { writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { stream } from '../../src/random/stream.js'
import { isBinaryCovariate } from '../../src/simulation/mainetti/covariates.js'
import { COVARIATE_COUNT } from '../../src/simulation/mainetti/effect.js'
import { mainettiFamily } from '../../src/simulation/mainetti/family.js'
import type { SimulatedTrial } from '../../src/simulation/scenario-family.js'

const SEED = 2026
/** Linear effect modification, small; between-trial variance 0.2; 50 to 200 patients per trial. */
const SCENARIO = mainettiFamily.scenarios[0]

/** Invented names for x1 to x8 of the design. */
const COVARIATE_NAMES = [
  'baseline_severity',
  'female',
  'age_score',
  'first_episode',
  'anxiety_score',
  'employed',
  'sleep_score',
  'smoker',
]

type Cell = string | number
type Row = readonly Cell[]

/** Contents of the two files by name. */
export function exampleFiles(): Record<string, string> {
  const { trainingTrials } = mainettiFamily.simulate(stream(SEED, 'example', SCENARIO.id), SCENARIO)
  const trialHeader = ['study', 'patient', 'treatment', 'outcome', ...COVARIATE_NAMES]
  const truthHeader = ['study', 'patient', 'mean_effect', 'treatment_effect']
  return {
    'example-trials.csv': csv([trialHeader, ...trainingTrials.flatMap((trial, index) => rows(trial, index, observed))]),
    'example-truth.csv': csv([truthHeader, ...trainingTrials.flatMap((trial, index) => rows(trial, index, truth))]),
  }
}

function rows(trial: SimulatedTrial, index: number, cells: (trial: SimulatedTrial, patient: number) => Row): Row[] {
  const number = String(index + 1).padStart(2, '0')
  return Array.from(trial.outcome, (_, patient) => [
    `trial-${number}`,
    `${number}-${String(patient + 1).padStart(3, '0')}`,
    ...cells(trial, patient),
  ])
}

function observed(trial: SimulatedTrial, patient: number): Row {
  const arm = trial.treatment[patient] === 1 ? 'treated' : 'control'
  const covariates = trial.covariates.slice(patient * COVARIATE_COUNT, (patient + 1) * COVARIATE_COUNT)
  return [arm, decimal(trial.outcome[patient], 2), ...Array.from(covariates, (value, k) => decimal(value, isBinaryCovariate(k) ? 0 : 2))]
}

function truth(trial: SimulatedTrial, patient: number): Row {
  return [decimal(trial.meanEffect[patient], 3), decimal(trial.treatmentEffect[patient], 3)]
}

/** Fixed number of digits, without negative zero. */
const decimal = (value: number, digits: number): string => (Number(value.toFixed(digits)) + 0).toFixed(digits)
const csv = (lines: readonly Row[]): string => lines.map((line) => `${line.join(',')}\n`).join('')

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  for (const [name, content] of Object.entries(exampleFiles())) writeFileSync(new URL(name, import.meta.url), content)
