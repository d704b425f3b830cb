import { csvFormatRows } from 'd3-dsv'
import type { Analysis, ChainAdaptation, Fit } from '../contract/analysis.js'
import type { TrialEstimate } from '../contract/trial.js'
import type { Draws } from '../draws/draws.js'
import type { SummaryRow } from '../draws/summary-row.js'
import { toTable } from '../draws/to-table.js'
import { effectsCsv, effectsTable } from '../effects/effects-table.js'
import { outcomeDraws, outcomeSummaries } from '../effects/outcome-draws.js'
import { renderReport } from '../report/render-report.js'
import { verdictOf } from '../report/text/verdict.js'
import { manifestFormat } from './output-folder.js'
import { pooledPriorFile, poolingFiles } from './pooling-files.js'
import { safeFileNames } from './safe-file-names.js'

/** A file of a run: its path in the folder, with `/`, and its text. */
export interface RunFile {
  readonly path: string
  readonly text: string
}

/** Everything that `poolite run` writes except the manifest. */
export function runFiles(analysis: Analysis, protocolText: string): RunFile[] {
  const effects = [...analysis.profileEffects, ...analysis.patientEffects]
  const trialNames = namedFits(analysis)
    .slice(1)
    .map(({ name }) => name)
  return [
    { path: 'report.html', text: renderReport(analysis) },
    { path: 'protocol.yaml', text: protocolText },
    { path: 'effects.csv', text: effectsCsv(effectsTable(effects, analysis.columns)) },
    ...outcomeFiles(analysis),
    { path: 'coefficients.csv', text: coefficientsCsv(analysis.trialFits.map(({ estimate }) => estimate)) },
    ...namedFits(analysis).flatMap(({ name, fit }) => [
      ...drawsFiles(name, fit),
      ...(fit.adaptation ? [{ path: `adaptation/${name}.json`, text: adaptationText(fit.adaptation) }] : []),
    ]),
    ...(analysis.pooledPrior ? [{ path: pooledPriorFile, text: toTable(analysis.pooledPrior) }] : []),
    ...poolingFiles(analysis, trialNames),
  ]
}

/** Outcomes of the profiles under each arm: summaries, and draws. */
function outcomeFiles({ profileEffects, profileOutcomes, pooled }: Analysis): RunFile[] {
  if (!profileOutcomes) return []
  const ids = profileEffects.map(({ person }) => person.id)
  const header = ['id', 'arm', 'expected', 'sd', 'expected_lower', 'expected_upper', 'outcome_lower', 'outcome_upper']
  const rows = profileOutcomes.flatMap((outcomes, place) =>
    outcomeSummaries(outcomes).map(({ arm, mean, sd, lower, upper, onePerson }) => [
      ids[place],
      arm,
      ...[mean, sd, lower, upper, onePerson.lower, onePerson.upper].map(String),
    ]),
  )
  return [
    { path: 'outcomes.csv', text: `${csvFormatRows([header, ...rows])}\n` },
    { path: 'outcomes/profiles.csv', text: toTable(outcomeDraws(ids, profileOutcomes, pooled.draws.chainCount)) },
  ]
}

/** None for a trial whose draws have stayed at its site; draws on disk are among `largeFiles`. */
function drawsFiles(name: string, { draws, sampler, diagnosis }: Fit): RunFile[] {
  if (draws.variables.length === 0) return []
  return [
    ...(isStored(draws) ? [] : [{ path: `draws/${name}.csv`, text: toTable(draws) }]),
    ...(isStored(sampler) ? [] : [{ path: `sampler/${name}.csv`, text: toTable(sampler) }]),
    { path: `summaries/${name}.csv`, text: summaryCsv(diagnosis.summary) },
  ]
}

/** Draws that are too large for memory and for a table. */
export interface LargeFile {
  readonly path: string
  readonly draws: Draws
}

/** What `poolite run` writes beside `runFiles`. */
export function largeFiles(analysis: Analysis): LargeFile[] {
  return namedFits(analysis).flatMap(({ name, fit: { draws, sampler } }) =>
    [
      { path: `draws/${name}.columns`, draws },
      { path: `sampler/${name}.columns`, draws: sampler },
    ].filter((file) => isStored(file.draws)),
  )
}

const isStored = ({ variables }: Draws): boolean => variables.some(({ stored }) => stored !== undefined)

/** Step size and inverse metric of each chain; JSON keeps numbers exactly. */
function adaptationText(chains: readonly ChainAdaptation[]): string {
  return `${JSON.stringify({ chains: chains.map((chain) => ({ ...chain, inverseMetric: [...chain.inverseMetric] })) })}\n`
}

/** The record of the run: who made what from what, whether it can be relied on, and the files that stand beside it. */
export function manifestText(
  analysis: Analysis,
  files: readonly RunFile[],
  large: readonly { readonly path: string; readonly bytes: number }[] = [],
): string {
  const { provenance, methods, warnings, exclusions, pooled, protocol } = analysis
  const manifest = {
    format: manifestFormat,
    title: protocol.title,
    versions: { poolite: provenance.version, node: provenance.node },
    protocolHash: provenance.protocolHash,
    dataFile: provenance.dataFile,
    dataHash: provenance.dataHash,
    seed: provenance.seed,
    droppedCovariates: analysis.droppedCovariates,
    methods,
    diagnosis: verdictOf(analysis).status,
    warnings,
    exclusions,
    coefficients: analysis.trialFits[0]?.estimate.coefficientNames ?? [],
    pooled: { name: 'pooled', ...fitRecord(pooled) },
    trials: namedFits(analysis)
      .slice(1)
      .map(({ name, fit }, index) => ({ study: analysis.trialFits[index].trial.study, name, ...fitRecord(fit) })),
    finishedAt: provenance.finishedAt,
    seconds: provenance.seconds,
    files: [...files.map(({ path, text }) => ({ path, bytes: new TextEncoder().encode(text).length })), ...large],
  }
  return `${JSON.stringify(manifest, null, 2)}\n`
}

function fitRecord({
  modelName,
  algorithm,
  approximation,
  fallbackFrom,
  settings,
  diagnosis,
  engine,
  chainSeconds,
  gradientCount,
  seconds,
}: Fit): object {
  const checks = diagnosis.checks.map(({ name, status, worst, cutOff, failureCount }) => ({
    name,
    status,
    worst,
    cutOff,
    failureCount,
  }))
  return {
    modelName,
    algorithm: algorithm ?? settings.algorithm ?? 'nuts',
    approximation,
    fallbackFrom,
    diagnosis: diagnosis.status,
    checks,
    engine,
    gradientCount,
    chainSeconds,
    seconds,
  }
}

/** The pooled fit first, then each trial's under a name that is safe for a file. */
function namedFits({ pooled, trialFits }: Analysis): { name: string; fit: Fit }[] {
  const names = safeFileNames(
    trialFits.map(({ trial }) => trial.study),
    ['pooled'],
  )
  return [{ name: 'pooled', fit: pooled }, ...trialFits.map(({ fit }, index) => ({ name: names[index], fit }))]
}

/** What each trial hands to the second stage, on the analysis scale: one row for each coefficient, with its row of the covariance. */
function coefficientsCsv(estimates: readonly TrialEstimate[]): string {
  const names = estimates[0]?.coefficientNames ?? []
  const header = ['study', 'patients', 'coefficient', 'estimate', ...names.map((name) => `covariance[${name}]`)]
  const rows = estimates.flatMap(({ study, patientCount, estimate, covariance }) =>
    names.map((name, row) => {
      const covariances = covariance.subarray(row * names.length, (row + 1) * names.length)
      return [study, String(patientCount), name, String(estimate[row]), ...Array.from(covariances, String)]
    }),
  )
  return `${csvFormatRows([header, ...rows])}\n`
}

/** Columns as in the R package posterior's `summarise_draws`. */
function summaryCsv(summary: readonly SummaryRow[]): string {
  const header = [
    'variable',
    'mean',
    'median',
    'sd',
    'mad',
    'q2.5',
    'q5',
    'q95',
    'q97.5',
    'rhat',
    'ess_bulk',
    'ess_tail',
    'mcse_mean',
  ]
  const rows = summary.map((row) => {
    const numbers = [
      row.mean,
      row.median,
      row.sd,
      row.mad,
      row.q2_5,
      row.q5,
      row.q95,
      row.q97_5,
      row.rhat,
      row.essBulk,
      row.essTail,
      row.mcseMean,
    ]
    return [row.name, ...numbers.map(String)]
  })
  return `${csvFormatRows([header, ...rows])}\n`
}
