import { diagnose } from '../../../diagnostics/convergence/diagnose.js'
import type { Analysis, Fit } from '../../../src/contract/analysis.js'
import { designTrials } from '../../../src/data/design-trials.js'
import { parseProtocol } from '../../../src/data/parse-protocol.js'
import { profilePeople, referencePerson } from '../../../src/data/people.js'
import { protocolHash } from '../../../src/data/protocol-hash.js'
import { covariateRangeFlags } from '../../../src/data/range-flags.js'
import { readTable } from '../../../src/data/read-table.js'
import { readTrials } from '../../../src/data/read-trials.js'
import { type Draws, elementCount, type Variable } from '../../../src/draws/draws.js'
import { personContrast } from '../../../src/effects/person-contrast.js'
import { personEffects } from '../../../src/effects/person-effects.js'
import { csvText, protocolText, smallTrials } from '../../end-to-end/small-trials.js'

const [chainCount, drawCount] = [2, 50]

/** A variable whose draws are a fixed pattern around 1. */
function patterned(name: string, dimensions: Variable['dimensions']): Variable {
  const size = chainCount * drawCount * elementCount({ dimensions })
  return { name, dimensions, values: Float64Array.from({ length: size }, (_, index) => 1 + Math.sin(12.9898 * (index + 1)) / 10) }
}

function fitOf(modelName: string, variables: readonly Variable[]): Fit {
  const draws: Draws = { chainCount, drawCount, variables }
  const sampler: Draws = { chainCount, drawCount, variables: [patterned('energy', []), patterned('log_density', [])] }
  const engine = { engine: 'javascript', precision: 'float64' } as const
  const settings = { chains: chainCount, warmup: 50, draws: drawCount, targetAcceptance: 0.8, maximumTreeDepth: 10 }
  return { modelName, draws, sampler, diagnosis: diagnose(draws, sampler), engine, settings, gradientCount: 100, seconds: 1 }
}

/** An analysis whose draws nobody sampled, of trials that bear those names; everything around the draws is real. */
export async function smallAnalysis(studies: readonly string[], protocolFile = protocolText()): Promise<Analysis> {
  const protocol = parseProtocol(protocolFile, 'protocol.yaml')
  const table = readTable(csvText(smallTrials(studies.length)), 'trials.csv')
  const { designs, exclusions, people } = designTrials(readTrials(table, protocol), protocol)
  const { columns } = designs[0]
  const coefficient = { name: 'coefficient', labels: ['treatment', ...columns.map((column) => `treatment:${column.name}`)] }
  const perCoefficient = ['mu', 'theta_new', 'tau'].map((name) => patterned(name, [coefficient]))
  const pooled = fitOf('hierarchical', [...perCoefficient, patterned('theta', [{ name: 'study', labels: studies }, coefficient])])
  const size = coefficient.labels.length
  const effectsOf = (persons: Parameters<typeof personEffects>[1]) =>
    personEffects(pooled.draws, persons, {
      columns,
      outcomeScale: protocol.outcome.scale,
      better: protocol.outcome.better,
      smallestImportantEffect: protocol.smallestImportantEffect,
      flags: (person) => covariateRangeFlags(person, protocol),
      contrast: (person) => personContrast(person.covariates, columns, protocol.covariates),
      targets: () => [{ target: 'average' }, { target: 'new-setting' }],
    })
  return {
    protocol,
    columns,
    trialFits: studies.map((study, index) => ({
      trial: { ...designs[index], study },
      fit: fitOf('linear', [patterned('gamma', [coefficient])]),
      estimate: {
        study,
        patientCount: designs[index].patientIds.length,
        coefficientNames: coefficient.labels,
        estimate: Float64Array.from({ length: size }, (_, position) => index + position / 10),
        covariance: Float64Array.from({ length: size * size }, (_, position) => (position % (size + 1) === 0 ? 0.25 : 0)),
      },
    })),
    exclusions,
    pooled,
    profileEffects: effectsOf([referencePerson(protocol), ...profilePeople(protocol)]),
    patientEffects: effectsOf(people.map((person, index) => ({ ...person, study: studies[Math.floor(index / 40)] }))),
    warnings: [{ severity: 'important', message: 'three trials only' }],
    methods: { firstStage: 'A linear model.', secondStage: 'A hierarchical model.' },
    provenance: {
      version: '0.1.0',
      protocolHash: await protocolHash(protocol),
      dataHash: 'ab',
      dataFile: 'trials.csv',
      seed: 1,
      seconds: 2,
      finishedAt: '2026-01-01T00:00:00.000Z',
      node: 'v20.19.0',
    },
  }
}
