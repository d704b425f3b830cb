import type { Person } from '../contract/analysis.js'
import { designColumns } from '../data/design-columns.js'
import { didYouMean } from '../data/nearest-name.js'
import type { Protocol } from '../data/protocol.js'
import { effectPredictor } from '../effects/effect-predictor.js'
import { type EffectExplanation, explainEffects } from '../effects/explain-effects.js'
import { UsageError } from '../errors/usage-error.js'
import { stream } from '../random/stream.js'
import { explanationPage } from '../report/explanation-page.js'
import { modifiersOf } from '../stages/pool-effects.js'
import { explanationText } from './explanation-text.js'
import { isEffectPooling } from './is-effect-pooling.js'
import { loadEffectPooling } from './load-effect-pooling.js'
import { loadPooled } from './load-pooled.js'
import { type Manifest, readManifest } from './manifest.js'
import { protocolOfRun } from './protocol-of-run.js'
import { readRunPatients } from './run-patients.js'
import { readStanding } from './run-standing.js'
import type { Terminal } from './terminal.js'
import { requireFree } from './write-file.js'
import { writeWholeFile } from './write-output.js'

export interface ExplainOptions {
  /** The data of the run, for models that predict from the patients of the trials. */
  readonly data?: string
  /** One trial. */
  readonly trial?: string
  /** HTML file to write. */
  readonly out?: string
  readonly json?: boolean
}

/** One setting with what drives the effect in it. */
export interface ExplainedSetting {
  /** `average setting`, or `trial ACT-1`. */
  readonly name: string
  readonly explanation: EffectExplanation
}

/** `poolite explain`: which covariates drive the effect, in the average setting where coefficients were pooled, and otherwise in each trial by its own model. */
export async function explain(runPath: string, options: ExplainOptions, terminal: Terminal): Promise<void> {
  const { out, json } = options
  if (out !== undefined) requireFree(out)
  const manifest = readManifest(runPath)
  const protocol = await protocolOfRun(runPath, manifest)
  requireKnownTrial(options.trial, manifest)
  const patients = readRunPatients(runPath, protocol)
  const settings = await explainedSettings(runPath, manifest, protocol, patients, options)
  const { status } = readStanding(runPath)
  if (out !== undefined) writeWholeFile(out, explanationPage(protocol, settings, status))
  if (status === 'failed')
    terminal.talk('poolite: warning: diagnostics of this run failed; its effects are not to be relied on yet.\n')
  if (json)
    terminal.data(
      `${JSON.stringify({ run: runPath, ...(out && { out }), diagnosis: status, unit: protocol.outcome.unit, settings })}\n`,
    )
  else
    terminal.data(
      `${settings.map((setting) => explanationText(setting, protocol)).join('\n')}${out === undefined ? '' : `\nPage: ${out}\n`}`,
    )
}

/** Sums of coefficients cost little: enough patients for shares that a different choice of them would hardly change. */
const LINEAR = { patientCount: 500, mostPeople: 20_000 }
const LINEAR_DRAWS = 500

async function explainedSettings(
  runPath: string,
  manifest: Manifest,
  protocol: Protocol,
  patients: readonly Person[],
  { data, trial }: ExplainOptions,
): Promise<ExplainedSetting[]> {
  const columns = designColumns(protocol)
  const { seed } = protocol.inference
  const explained = (
    name: string,
    people: readonly Person[],
    predict: (people: Float64Array, count: number) => Float64Array,
    size: { readonly patientCount?: number; readonly mostPeople?: number } = {},
  ) => ({
    name,
    explanation: explainEffects({
      predict: (rows, count) => predict(rows, count).map((effect) => effect * protocol.outcome.scale),
      columns,
      patients: modifiersOf(people, columns, protocol),
      stream: stream(seed, 'explain', name),
      ...size,
    }),
  })
  if (!isEffectPooling(runPath)) {
    const predict = effectPredictor(
      loadPooled(runPath, manifest),
      trial === undefined ? 'average' : 'existing-trial',
      trial,
      LINEAR_DRAWS,
    )
    if (trial === undefined) return [explained('average setting', patients, predict, LINEAR)]
    return [explained(`trial ${trial}`, patientsOf(trial, patients), predict, LINEAR)]
  }
  const job = await loadEffectPooling(runPath, manifest, protocol, data)
  const wanted = job.trials.filter((one) => trial === undefined || one.trial.study === trial)
  return wanted.map(({ trial: { study }, predictor }) =>
    explained(`trial ${study}`, patientsOf(study, patients), (people, count) =>
      predictor.predict(people, count, stream(seed, 'explain', 'effects', study)),
    ),
  )
}

const patientsOf = (study: string, patients: readonly Person[]) => patients.filter((patient) => patient.study === study)

function requireKnownTrial(trial: string | undefined, { trials }: Manifest): void {
  const known = trials.map(({ study }) => study)
  if (trial === undefined || known.includes(trial)) return
  throw new UsageError({
    problem: `no trial "${trial}" in this run`,
    remedy: `Ask for one of: ${known.join(', ')}.${didYouMean(trial, known)}`,
  })
}
