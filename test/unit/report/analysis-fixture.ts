import seedrandom from 'seedrandom'
import { diagnose } from '../../../diagnostics/convergence/diagnose.js'
import type { Analysis, Fit, Person, TrialFit } from '../../../src/contract/analysis.js'
import type { DesignColumn, TrialDesign } from '../../../src/contract/trial.js'
import { type Protocol, protocolSchema } from '../../../src/data/protocol.js'
import type { Draws, Variable } from '../../../src/draws/draws.js'
import { personContrast } from '../../../src/effects/person-contrast.js'
import { personEffects } from '../../../src/effects/person-effects.js'

export interface FixtureOptions {
  readonly trialCount?: number
  readonly modifierCount?: number
  /** Patients of the smallest trial; sizes grow from there. */
  readonly smallestTrial?: number
  readonly better?: 'higher' | 'lower'
  readonly smallestImportantEffect?: number
  readonly hasFailedDiagnosis?: boolean
  readonly title?: string
  readonly seed?: string
}

const chainCount = 4
const drawCount = 250

/**
 * A made-up analysis with the shape and the sizes of a real one: trials are simulated, the pooled draws come from the normal model with
 * known between-trial standard deviations. No sampler runs, so that it is the same on every machine.
 */
export function analysisFixture(options: FixtureOptions = {}): Analysis {
  const { trialCount = 4, modifierCount = 4, smallestTrial = 60, hasFailedDiagnosis = false, seed = 'report' } = options
  const normal = standardNormal(seed)
  const protocol = protocolFixture(modifierCount, options)
  const columns = columnsOf(protocol)
  const size = 1 + modifierCount
  const sign = protocol.outcome.better === 'higher' ? 1 : -1
  const truth = Float64Array.from(
    { length: size },
    (_, index) => sign * (index === 0 ? 0.45 : [0.2, -0.12, 0.15, 0.05, 0, -0.05, 0.1, 0.02][(index - 1) % 8]),
  )
  const tau = Float64Array.from({ length: size }, (_, index) => (index === 0 ? 0.18 : 0.06))
  const trials = Array.from({ length: trialCount }, (_, index) => {
    const patientCount = Math.round(smallestTrial * (1 + (5 * ((index * 7) % trialCount)) / trialCount))
    return trialFit(
      index,
      patientCount,
      columns,
      truth.map((value, at) => value + tau[at] * normal()),
      normal,
      hasFailedDiagnosis && index === 1,
    )
  })
  const pooled = fitOf('hierarchical', pooledDraws(trials, tau, normal), normal, hasFailedDiagnosis)
  const people = trials.flatMap(({ trial }) => patientsOf(trial, protocol))
  const context = {
    columns,
    outcomeScale: protocol.outcome.scale,
    better: protocol.outcome.better,
    smallestImportantEffect: protocol.smallestImportantEffect,
    flags: (person: Person) =>
      Number(person.covariates.age) > 80 ? [`age ${person.covariates.age} is above the protocol's range 18 to 80`] : [],
    contrast: (person: Person) => personContrast(person.covariates, columns, protocol.covariates),
  }
  return {
    protocol,
    columns,
    trialFits: trials,
    exclusions: [
      { study: 'PILOT', patientCount: 14, reason: 'fewer than 20 complete patients, the least that the protocol allows' },
      { study: trials[0].trial.study, arm: 'treated', patientCount: 3, reason: 'outcome missing' },
    ],
    pooled,
    profileEffects: personEffects(pooled.draws, profilesOf(protocol), {
      ...context,
      targets: () => [{ target: 'average' }, { target: 'new-setting' }],
    }),
    patientEffects: personEffects(pooled.draws, people, {
      ...context,
      targets: (person) => [{ target: 'average' }, { target: 'existing-trial', study: person.study! }],
    }),
    warnings: [
      {
        severity: 'important',
        message: `Trial ${trials[0].trial.study} has a residual SD 2.3 times that of the other trials: check the unit of its outcome.`,
      },
      { severity: 'note', message: 'The prior of tau matters with fewer than 5 trials: compare with another scale.' },
    ],
    methods: {
      firstStage:
        'Each trial was analysed on its own with a normal linear model of the outcome on treatment, covariates and their interactions, with weakly informative normal priors.',
      secondStage:
        'Posterior means and covariances of the treatment effect and its interactions were pooled in a multivariate normal hierarchical model with half-normal priors on the between-trial standard deviations.',
    },
    provenance: {
      version: '0.1.0',
      protocolHash: '9f2c4d1e8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d2e1f0a9b8c7d6e5f4a3b2c1d',
      dataHash: '1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6e7f8a9b0c1d2e3f4a5b6c7d8e9f0a1b2c',
      dataFile: 'trials.csv',
      seed: 1,
      seconds: 42.7,
      finishedAt: '2026-11-22T18:00:00.000Z',
      node: 'v20.20.2',
    },
  }
}

const modifiers = [
  { name: 'age', type: 'continuous', unit: 'years', centre: 50, scale: 10, range: [18, 80] },
  { name: 'sex', type: 'binary', labels: ['female', 'male'] },
  { name: 'baseline score', type: 'continuous', unit: 'points', centre: 24, scale: 6 },
  { name: 'comorbidity', type: 'binary' },
  { name: 'BMI', type: 'continuous', unit: 'kg/m²', centre: 27, scale: 5 },
  { name: 'smoker', type: 'binary', labels: ['no', 'yes'] },
  { name: 'duration of illness', type: 'continuous', unit: 'months', centre: 18, scale: 12 },
  { name: 'earlier episode', type: 'binary', labels: ['no', 'yes'] },
] as const

function protocolFixture(
  modifierCount: number,
  { better = 'lower', smallestImportantEffect = 2, title }: FixtureOptions,
): Protocol {
  return protocolSchema.parse({
    poolite: 1,
    title: title ?? 'Individualised effects of mirtazapine in acute depression',
    data: { study: 'study', patient: 'id', treatment: { column: 'arm', control: 'placebo', treated: 'mirtazapine' } },
    outcome: { column: 'hamd', name: 'HAM-D score at 8 weeks', unit: 'points', better, centre: 14, scale: 8 },
    covariates: Array.from({ length: modifierCount }, (_, index) => ({ ...modifiers[index] })),
    profiles: [
      { name: 'younger', covariates: { age: 30 } },
      { name: 'older', covariates: { age: 75 } },
    ],
    smallestImportantEffect,
  })
}

function columnsOf(protocol: Protocol): DesignColumn[] {
  return protocol.covariates.map((covariate) => ({
    name: covariate.name,
    covariate: covariate.name,
    ...(covariate.type === 'continuous' && covariate.unit ? { unit: covariate.unit } : {}),
    centre: covariate.type === 'categorical' ? 0 : covariate.centre,
    scale: covariate.type === 'categorical' ? 1 : covariate.scale,
    isPrognostic: true,
    isModifier: true,
  }))
}

function trialFit(
  index: number,
  patientCount: number,
  columns: DesignColumn[],
  theta: Float64Array,
  normal: () => number,
  isFailed: boolean,
): TrialFit {
  const size = columns.length
  const treatment = Float64Array.from({ length: patientCount }, (_, patient) => patient % 2)
  const covariates = Float64Array.from({ length: patientCount * size }, (_, at) =>
    columns[at % size].scale === 1 ? Number(normal() > 0.2) : normal(),
  )
  const effect = (patient: number) =>
    theta.reduce((sum, value, at) => sum + value * (at === 0 ? 1 : covariates[patient * size + at - 1]), 0)
  const outcome = Float64Array.from(treatment, (treated, patient) => 0.1 * index + treated * effect(patient) + normal())
  const study = `${['ANDANTE', 'BOLERO', 'CANTO', 'DA CAPO', 'ENCORE', 'FORTE', 'GIUSTO', 'HARMONIA', 'INTERMEZZO', 'JUBILATE'][index % 10]}${index < 10 ? '' : ` ${1 + Math.floor(index / 10)}`}`
  const trial: TrialDesign = {
    study,
    columns,
    outcome,
    treatment,
    covariates,
    patientIds: Array.from({ length: patientCount }, (_, patient) => String(patient + 1)),
  }
  const variances = theta.map((_, at) => (at > 0 && columns[at - 1].scale === 1 ? 16 : at === 0 ? 8 : 4.2) / patientCount)
  const covariance = new Float64Array((size + 1) ** 2)
  variances.forEach((variance, at) => {
    covariance[at * (size + 2)] = variance
  })
  const estimate = theta.map((value, at) => value + Math.sqrt(variances[at]) * normal())
  return {
    trial,
    fit: fitOf('linear', trialDraws(namesOf(columns), estimate, variances, normal), normal, isFailed),
    estimate: { study, patientCount, coefficientNames: namesOf(columns), estimate, covariance },
  }
}

function trialDraws(labels: readonly string[], mean: Float64Array, variances: Float64Array, normal: () => number): Draws {
  const size = mean.length
  const values = Float64Array.from(
    { length: chainCount * drawCount * size },
    (_, at) => mean[at % size] + Math.sqrt(variances[at % size]) * normal(),
  )
  return { chainCount, drawCount, variables: [{ name: 'theta', dimensions: [{ name: 'coefficient', labels }], values }] }
}

function pooledDraws(trials: readonly TrialFit[], tau: Float64Array, normal: () => number): Draws {
  const { coefficientNames } = trials[0].estimate
  const size = coefficientNames.length
  const total = chainCount * drawCount
  const [mu, thetaNew, tauDraws, theta] = [size, size, size, size * trials.length].map((width) => new Float64Array(width * total))
  for (let draw = 0; draw < total; draw++) {
    for (let at = 0; at < size; at++) {
      const sd = tau[at] * Math.exp(0.35 * normal())
      const precisions = trials.map(({ estimate }) => 1 / (estimate.covariance[at * (size + 1)] + sd ** 2))
      const sum = precisions.reduce((total, precision) => total + precision, 0)
      const mean =
        precisions.reduce((total, precision, trial) => total + precision * trials[trial].estimate.estimate[at], 0) / sum +
        normal() / Math.sqrt(sum)
      const position = draw * size + at
      mu[position] = mean
      tauDraws[position] = sd
      thetaNew[position] = mean + sd * normal()
      trials.forEach(({ estimate }, trial) => {
        const own = 1 / estimate.covariance[at * (size + 1)]
        const precision = own + 1 / sd ** 2
        theta[(draw * trials.length + trial) * size + at] =
          (own * estimate.estimate[at] + mean / sd ** 2) / precision + normal() / Math.sqrt(precision)
      })
    }
  }
  const coefficient = { name: 'coefficient', labels: coefficientNames }
  const study = { name: 'study', labels: trials.map(({ estimate }) => estimate.study) }
  const variables: Variable[] = [
    { name: 'mu', dimensions: [coefficient], values: mu },
    { name: 'theta_new', dimensions: [coefficient], values: thetaNew },
    { name: 'theta', dimensions: [study, coefficient], values: theta },
    { name: 'tau', dimensions: [coefficient], values: tauDraws },
  ]
  return { chainCount, drawCount, variables }
}

/** A failed fit has one chain that stays away from the others in its first quantity, and two divergences. */
function fitOf(modelName: string, draws: Draws, normal: () => number, isFailed: boolean): Fit {
  const total = chainCount * drawCount
  const scalar = (name: string, value: (index: number) => number): Variable => ({
    name,
    dimensions: [],
    values: Float64Array.from({ length: total }, (_, index) => value(index)),
  })
  const sampler: Draws = {
    chainCount,
    drawCount,
    variables: [
      scalar('step_size', (index) => [0.41, 0.38, 0.44, 0.4][Math.floor(index / drawCount)]),
      scalar('divergent', (index) => Number(isFailed && (index === 20 || index === 700))),
      scalar('energy', normal),
    ],
  }
  if (isFailed) shiftLastChain(draws.variables[0])
  return {
    modelName,
    draws,
    sampler,
    diagnosis: diagnose(draws, sampler),
    engine: { engine: 'webassembly', precision: 'float64' },
    settings: { chains: 4, warmup: 1000, draws: 1000, targetAcceptance: 0.8, maximumTreeDepth: 10 },
    gradientCount: 31_240,
    seconds: 1.83,
  }
}

function shiftLastChain({ values, dimensions }: Variable): void {
  const width = dimensions.reduce((product, dimension) => product * dimension.labels.length, 1)
  for (let at = (chainCount - 1) * drawCount * width; at < values.length; at += width) values[at] += 0.15
}

function patientsOf(trial: TrialDesign, protocol: Protocol): Person[] {
  const size = trial.columns.length
  return trial.patientIds.map((id, patient) => ({
    kind: 'patient',
    id,
    study: trial.study,
    covariates: Object.fromEntries(
      trial.columns.map((column, at) => [
        column.covariate,
        binaryLabel(trial.covariates[patient * size + at] * column.scale + column.centre, at, protocol),
      ]),
    ),
  }))
}

function profilesOf(protocol: Protocol): Person[] {
  const reference = Object.fromEntries(
    protocol.covariates.map((covariate, at) => [
      covariate.name,
      binaryLabel(covariate.type === 'continuous' ? covariate.centre : 0, at, protocol),
    ]),
  )
  return [
    { kind: 'profile', id: protocol.referencePatient.name, covariates: reference },
    ...protocol.profiles.map(
      (profile): Person => ({ kind: 'profile', id: profile.name, covariates: { ...reference, ...profile.covariates } }),
    ),
  ]
}

function binaryLabel(value: number, at: number, protocol: Protocol): number | string {
  const covariate = protocol.covariates[at]
  return covariate.type === 'binary' ? (covariate.labels?.[value] ?? value) : Math.round(value * 10) / 10
}

function namesOf(columns: readonly DesignColumn[]): string[] {
  return ['treatment', ...columns.map((column) => `treatment:${column.name}`)]
}

function standardNormal(seed: string): () => number {
  const uniform = seedrandom(seed)
  return () => Math.sqrt(-2 * Math.log(uniform() || 1e-12)) * Math.cos(2 * Math.PI * uniform())
}
