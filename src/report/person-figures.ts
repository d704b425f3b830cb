import { UsageError } from '../errors/usage-error.js'
import type { Panel } from './diagnostic-panels.js'
import { forestFigure } from './figures/forest.js'
import { quantileDotsFigure } from './figures/quantile-dots.js'
import { trialWeightsFigure } from './figures/trial-weights.js'
import { formatShare } from './number-format.js'
import type { PersonEvidence } from './person-evidence.js'
import { forestTable } from './sections/across-trials.js'
import { effectDots, effectDotsTable } from './sections/person/effect-dots.js'
import { outcomeDots, outcomeDotsTable } from './sections/person/outcomes.js'

export const personKinds = ['forest', 'weights', 'effect-dots', 'outcome-dots'] as const
export type PersonKind = (typeof personKinds)[number]

/** What to look for in a figure of this kind. */
export const personCaptions: Readonly<Record<PersonKind, string>> = {
  forest:
    'The effect in each trial, alone (square) and in the light of all (dot), in the average setting (diamond) and in a new setting (bar). All intervals 95%.',
  weights: 'Share of each trial in the effect in the average setting.',
  'effect-dots':
    'Equally likely values of the effect: filled where it is a benefit that matters, pale where it is a smaller one, hollow where it is none.',
  'outcome-dots': 'Outcomes of people with the same covariates in a new setting, under each treatment.',
}

/**
 * One figure about one person, with its numbers.
 * @throws UsageError for outcomes of a first stage that does not give them, and weights that cannot be computed.
 */
export function personPanel(kind: PersonKind, evidence: PersonEvidence): Panel {
  switch (kind) {
    case 'forest': {
      const { forest, person } = evidence
      return {
        draw: (width) => forestFigure(forest, { width, hasNumbers: width > 500, rowHeight: forest.rows.length > 20 ? 22 : 30 }),
        table: forestTable(forest, `Effect for ${person.id}, mean and 95% interval`),
      }
    }
    case 'weights':
      return weightsPanel(evidence)
    case 'effect-dots':
      return { draw: (width) => quantileDotsFigure(effectDots(evidence), width), table: effectDotsTable(evidence) }
    case 'outcome-dots': {
      const data = outcomeDots(evidence)
      if (!data) throw lacking('outcomes under each treatment', 'this first stage predicts effects, which are differences')
      return { draw: (width) => quantileDotsFigure(data, width), table: outcomeDotsTable(data, evidence) }
    }
  }
}

function weightsPanel({ trials, person }: PersonEvidence): Panel {
  const weights = trials.flatMap(({ weight }) => (weight === undefined ? [] : [weight]))
  if (weights.length === 0) throw lacking('weights', 'the covariances of the trials cannot be inverted')
  const studies = trials.map(({ study }) => study)
  const ariaLabel = `Share of each of ${trials.length} trials in the effect for ${person.id}`
  return {
    draw: (width) => trialWeightsFigure({ studies, people: [{ label: person.id, weights }], ariaLabel }, width),
    table: {
      caption: 'Share of each trial',
      columns: [{ title: 'Trial' }, { title: 'Share', numeric: true }],
      rows: studies.map((study, trial) => [study, formatShare(weights[trial])]),
    },
  }
}

function lacking(what: string, reason: string): UsageError {
  return new UsageError({
    problem: `there are no ${what} to draw`,
    reason,
    remedy: `Choose another kind: ${personKinds.join(', ')}.`,
  })
}
