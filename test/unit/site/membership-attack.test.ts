/**
 * Was this patient in the trial? Those who were are predicted better by a model that bends to them (Shokri et al. 2017, 10.1109/SP.2017.41). The attack
 * ranks patients by the error of their predicted outcome; 0.5 is the area under its curve when it knows nothing.
 */
import { describe, expect, it } from 'vitest'
import { firstStageModel, type NeuralNetworkOptions } from '../../../models/first-stage/neural-network.js'
import { effectData } from '../../../models/first-stage/shared/effect-data.js'
import { meanOutcome } from '../../../models/first-stage/shared/effect-predictions.js'
import { network } from '../../../models/first-stage/shared/network.js'
import type { TrialDesign } from '../../../src/contract/trial.js'
import { parseProtocol } from '../../../src/data/parse-protocol.js'
import type { Protocol } from '../../../src/data/protocol.js'
import { valuesOfDraw } from '../../../src/draws/values-of-draw.js'
import { decodeDraws } from '../../../src/site/artefact-draws.js'
import { noRules } from '../../../src/site/disclosure-rules.js'
import { siteRegression } from '../../../src/site/site-regression.js'
import { fitSite } from '../../../src/stages/fit-site.js'
import { siteTrial } from '../../../src/stages/site-trial.js'
import { type SiteRow, siteProtocol, siteRows } from '../../end-to-end/site-trials.js'
import { tableOf } from './site-fixture.js'

const replicateCount = 5

const protocolFor = (covariateCount: number) =>
  parseProtocol(
    siteProtocol(covariateCount, 1, {
      firstStage: '{ model: neural-network, prognostic: { width: 3 }, effect: { width: 2 } }',
      secondStage: '{ method: weighted-average }',
      inference: '{ seed: 3, chains: 2, warmup: 100, draws: 20 }',
    }),
    'protocol.yaml',
  )

/** Pairs of groups from the same population: those who are in the trial, and others. */
function groups(patientCount: number, covariateCount: number): { members: SiteRow[]; others: SiteRow[] }[] {
  const all = siteRows({ trialCount: 2 * replicateCount, patientCount, covariateCount })
  const group = (trial: number) =>
    all
      .filter(({ study }) => study === `site-${trial + 1}`)
      .map(({ cells: [_, patient, arm, outcome, ...rest] }) => ({
        study: 'site-1',
        // The trials differ by 0.3 each.
        cells: ['site-1', patient, arm, (Number(outcome) - 0.3 * trial).toFixed(6), ...rest],
      }))
  return Array.from({ length: replicateCount }, (_, index) => ({ members: group(2 * index), others: group(2 * index + 1) }))
}

const trialOf = (rows: readonly SiteRow[], protocol: Protocol): TrialDesign =>
  siteTrial({ protocol, table: tableOf(rows), study: 'site-1' }).trial

/** Probability that the error of a member is smaller than that of somebody else. */
function area(members: Float64Array, others: Float64Array): number {
  let wins = 0
  for (const own of members) for (const other of others) wins += own < other ? 1 : 0
  return wins / (members.length * others.length)
}

/** Standard error of the mean area over replicates when the attack knows nothing (Mann and Whitney 1947). */
const standardError = (size: number) => Math.sqrt((2 * size + 1) / (12 * size * size) / replicateCount)

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/** Errors of a trial's patients under the parameters that a site released. */
async function networkErrors(members: readonly SiteRow[], protocol: Protocol) {
  const { artefact } = await fitSite({ protocol, table: tableOf(members), study: 'site-1', workers: 0, withoutRules: noRules })
  const options = firstStageModel.parseOptions(protocol.firstStage) as NeuralNetworkOptions
  const { activation, prognostic, effect } = options
  const regression = {
    name: 'neural-network',
    options,
    prognostic: network({ ...prognostic, activation }),
    effect: network({ ...effect, activation }),
  }
  const draws = decodeDraws(artefact.parameters!, 'site.json')
  return (rows: readonly SiteRow[]) => {
    const trial = trialOf(rows, protocol)
    const data = effectData(trial, 'observed')
    const total = new Float64Array(trial.outcome.length)
    for (let draw = 0; draw < draws.drawCount; draw++)
      meanOutcome(regression, valuesOfDraw(draws, draw), data).forEach((value, patient) => {
        total[patient] += value / draws.drawCount
      })
    return trial.outcome.map((outcome, patient) => Math.abs(outcome - total[patient]))
  }
}

/** Errors under the least squares that every file holds, with the intercept that a guesser takes from the group itself. */
function regressionErrors(members: readonly SiteRow[], protocol: Protocol) {
  const { estimate, prognostic } = siteRegression(trialOf(members, protocol))!
  return (rows: readonly SiteRow[]) => {
    const { outcome, treatment, covariates } = trialOf(rows, protocol)
    const width = covariates.length / outcome.length
    const slopes = (patient: number, values: readonly number[]) =>
      values.reduce((sum, slope, column) => sum + slope * covariates[patient * width + column], 0)
    const residuals = outcome.map(
      (value, patient) =>
        value - slopes(patient, prognostic.estimate) - treatment[patient] * (estimate[0] + slopes(patient, estimate.slice(1))),
    )
    const centre = mean([...residuals])
    return residuals.map((residual) => Math.abs(residual - centre))
  }
}

describe('guessing who was in a trial', () => {
  it('succeeds with the parameters of a network fitted to 30 patients and 8 covariates when the rules are off', async () => {
    const protocol = protocolFor(8)
    const areas: number[] = []
    for (const { members, others } of groups(30, 8)) {
      const errors = await networkErrors(members, protocol)
      areas.push(area(errors(members), errors(others)))
    }
    expect(mean(areas)).toBeGreaterThan(0.5 + 3 * standardError(30))
  })
  it('has no file to begin with under the rules: 9 coefficients for 15 patients of an arm', async () => {
    const protocol = protocolFor(8)
    const [{ members }] = groups(30, 8)
    await expect(fitSite({ protocol, table: tableOf(members), study: 'site-1', workers: 0 })).rejects.toThrow(
      /parameters per patient of an arm/,
    )
  })
  it('cannot be told from chance with what a file that the rules pass holds: 60 patients, 2 covariates', () => {
    const protocol = protocolFor(2)
    const areas = groups(60, 2).map(({ members, others }) => {
      const errors = regressionErrors(members, protocol)
      return area(errors(members), errors(others))
    })
    expect(mean(areas)).toBeLessThan(0.5 + 3 * standardError(60))
  })
})
