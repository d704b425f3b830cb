import type { Validation } from '../../validation/validation.js'
import { scoreColumns } from '../validation/score-columns.js'
import { textTable } from './text-table.js'

/** Columns that a terminal has room for. */
const shownTitles = ['Gain over constant', 'Best in', 'Mean bias', 'Calibration slope', 'AUTOC', 'Benefit over treating all']

/** The recommendation and the scores that matter most. Ends in a line feed. */
export function validationText({ candidates, recommendation }: Validation): string {
  const columns = scoreColumns.filter(({ title }) => shownTitles.includes(title))
  const rows = candidates.map((candidate) => [candidate.name, ...columns.map(({ cell }) => cell(candidate))])
  return `${recommendation.text}\n\n${textTable(['method', ...columns.map(({ title }) => title.toLowerCase())], rows)}`
}
