/** One data set of the linear design of Mainetti et al. 2026: every method's intervals against the truth for people of new trials. */
import { deviation, mean } from 'd3-array'
import type { DesignColumn } from '../../../src/contract/trial.js'
import { selectQuantiles } from '../../../src/effects/select-quantiles.js'
import { trialEstimateByLeastSquares } from '../../../src/numeric/trial-regression.js'
import { stream } from '../../../src/random/stream.js'
import { isBinaryCovariate } from '../../../src/simulation/mainetti/covariates.js'
import { mainettiFamily } from '../../../src/simulation/mainetti/family.js'
import type { MainettiFactors } from '../../../src/simulation/mainetti/scenarios.js'
import type { Scenario } from '../../../src/simulation/scenario-family.js'
import { trialDesign } from '../../../src/simulation/trial-design.js'
import { methods } from './methods.js'

/** Shares of people whose truth lies in their 95% interval, and mean widths in units of the outcome. */
export interface CoverageRecord {
  readonly scenario: string
  readonly replicate: number
  readonly method: string
  readonly average: { readonly coverage: number; readonly width: number }
  readonly newSetting: { readonly coverage: number; readonly width: number }
}

/** People of each of the three new trials. */
const PEOPLE = 20
const CONTINUOUS_SCALE = Math.sqrt(2.5)

export async function coverageReplicate(
  scenario: Scenario<MainettiFactors>,
  replicate: number,
  seed: number,
  methodNames: readonly string[],
): Promise<CoverageRecord[]> {
  const key = `${scenario.id} ${replicate}`
  const data = mainettiFamily.simulate(stream(seed, 'simulation', 'coverage', scenario.id, replicate), scenario)
  const columns = data.covariateNames.map(
    (name, index): DesignColumn => ({
      name,
      covariate: name,
      centre: 0,
      scale: isBinaryCovariate(index) ? 1 : CONTINUOUS_SCALE,
      isPrognostic: true,
      isModifier: true,
    }),
  )
  const outcomes = data.trainingTrials.flatMap(({ outcome }) => [...outcome])
  const [centre, scale] = [mean(outcomes)!, deviation(outcomes)!]
  const trials = data.trainingTrials.map((trial) =>
    trialDesign({ ...trial, outcome: trial.outcome.map((value) => (value - centre) / scale) }, columns),
  )
  const people = data.testTrials.map((trial) => trialDesign(trial, columns).covariates.subarray(0, PEOPLE * columns.length))
  const truth = (of: 'meanEffect' | 'treatmentEffect') =>
    data.testTrials.flatMap((trial) => [...trial[of].subarray(0, PEOPLE)].map((effect) => effect / scale))
  const job = {
    trials,
    estimates: trials.map(trialEstimateByLeastSquares),
    people: Float64Array.from(people.flatMap((rows) => [...rows])),
    personCount: PEOPLE * data.testTrials.length,
    seed,
    key,
  }
  const records: CoverageRecord[] = []
  for (const method of methodNames) {
    const { average, newSetting } = await methods[method](job)
    const named = { scenario: scenario.id, replicate, method }
    records.push({
      ...named,
      average: judge(average, truth('meanEffect'), scale),
      newSetting: judge(newSetting, truth('treatmentEffect'), scale),
    })
  }
  return records
}

/** @param draws `[draw, person]` */
function judge(draws: Float64Array, truth: readonly number[], scale: number) {
  const width = truth.length
  let [covered, total] = [0, 0]
  truth.forEach((effect, person) => {
    const own = Float64Array.from({ length: draws.length / width }, (_, draw) => draws[draw * width + person])
    const [lower, upper] = selectQuantiles(own, [0.025, 0.975])
    if (lower <= effect && effect <= upper) covered++
    total += upper - lower
  })
  return { coverage: covered / width, width: (scale * total) / width }
}
