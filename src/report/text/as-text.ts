import { diagnosisText } from '../../../diagnostics/convergence/diagnosis-text.js'
import { calibrationText } from '../../../diagnostics/predictive/calibration/calibration-text.js'
import { sensitivityText } from '../../../diagnostics/predictive/sensitivity-text.js'
import { drawsText } from '../../draws/draws-text.js'
import { summaryTable } from '../../draws/print.js'
import { analysisText } from './analysis-text.js'
import { peopleText } from './effects-text.js'
import { fitText } from './fit-text.js'
import { metaAnalysisText } from './meta-analysis-text.js'
import { type Fields, fieldsText, isFields, recordsText } from './records-text.js'
import { validationText } from './validation-text.js'
import { warningsText } from './warnings-text.js'

interface Kind {
  /** Names of fields by which a value is known to be of this kind. */
  readonly fields: readonly string[]
  readonly text: (value: never) => string
}

/** The first that fits is taken. */
const single: readonly Kind[] = [
  { fields: ['trialFits', 'pooled', 'profileEffects'], text: analysisText },
  { fields: ['candidates', 'recommendation'], text: validationText },
  { fields: ['draws', 'diagnosis', 'sampler'], text: fitText },
  { fields: ['chainCount', 'drawCount', 'variables'], text: drawsText },
  { fields: ['status', 'checks', 'summary'], text: diagnosisText },
  { fields: ['rankedDraws', 'quantities'], text: calibrationText },
  { fields: ['rows', 'kCutOff', 'threshold'], text: sensitivityText },
  { fields: ['betweenTrialCovariance', 'studies', 'terms'], text: metaAnalysisText },
  { fields: ['person', 'effects', 'flags'], text: (one: never) => peopleText([one]) },
  {
    fields: ['spread', 'covariates', 'patientCount'],
    text: (one: { covariates: readonly Fields[] }) => recordsText(one.covariates),
  },
]

/** The same for arrays of values of one kind. */
const several: readonly Kind[] = [
  { fields: ['name', 'rhat', 'essBulk', 'mcseMean'], text: summaryTable },
  { fields: ['person', 'effects', 'flags'], text: peopleText },
  { fields: ['severity', 'message'], text: warningsText },
]

/**
 * A value of this library as text for a terminal or a notebook: draws, fits, diagnoses, analyses, effects of people, validations, meta-analyses, comparisons of
 * models, predictive checks, warnings, and tables of records. Figures are named, not drawn. No final newline.
 *
 * @example
 * ```ts
 * import { asText } from 'poolite'
 *
 * asText([{ trial: 'A', effect: 1.5 }]).split('\n')[2] // => A       1.500
 * ```
 */
export function asText(value: unknown): string {
  return textOf(value).replace(/\n+$/, '')
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return arrayText(value)
  if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array, String).join(', ')
  if (!isFields(value)) return String(value)
  if ('marks' in value) return `figure: ${value.ariaLabel ?? 'without a name'}`
  const kind = kindOf(single, value)
  if (kind) return kind.text(value as never)
  if (Array.isArray(value.rows) && value.rows.every(isFields)) return tableText(value.rows, value.warnings)
  return fieldsText(value)
}

function arrayText(values: readonly unknown[]): string {
  const [first] = values
  if (values.length === 0 || !values.every(isFields)) return values.map(String).join('\n')
  const kind = kindOf(several, first as Fields)
  return kind ? kind.text(values as never) : recordsText(values)
}

const tableText = (rows: readonly Fields[], warnings: unknown): string =>
  [recordsText(rows), ...(Array.isArray(warnings) ? warnings.map(String) : [])].join('\n')

const kindOf = (kinds: readonly Kind[], value: Fields): Kind | undefined =>
  kinds.find(({ fields }) => fields.every((name) => name in value))
