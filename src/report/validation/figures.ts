import type { CandidateResult, Validation } from '../../validation/validation.js'
import { responsiveFigure } from '../figure-element.js'
import { benefitCalibrationFigure } from '../figures/benefit-calibration.js'
import { scoreIntervalsFigure } from '../figures/score-intervals.js'
import { targetingFigure } from '../figures/targeting.js'
import { type Html, html } from '../html.js'
import { formatSignificant } from '../number-format.js'
import { scoreText } from './score-columns.js'

/** The 97.5% point of the standard normal distribution. */
const NORMAL_QUANTILE = 1.96

/** The gain of every method in every held-out trial, and pooled. */
export function gainFigure({ candidates, trials }: Validation, unit: string): Html {
  const shown = candidates.filter(({ isConstant, pooled }) => !isConstant && Number.isFinite(pooled.gain.estimate))
  if (shown.length === 0) return html``
  const rows = shown.map(({ name, pooled, trials: own }) => ({
    label: name,
    ...pooled.gain,
    trials: own.flatMap((score) => (score ? [score.gain.estimate] : [])),
  }))
  const data = {
    rows,
    axisLabel: `Gain over a constant effect (${unit})`,
    neutral: 0,
    ariaLabel: 'Gain of each method over a constant effect, by held-out trial and pooled',
  }
  return responsiveFigure((width) => scoreIntervalsFigure(data, width), {
    caption:
      'Diamonds: pooled over trials, with 95% intervals. Rings: single held-out trials. To the right of the line a method predicts individual effects better than one average effect for everybody.',
    data: {
      caption: 'Gain over a constant effect',
      columns: [{ title: 'Held out' }, ...shown.map(({ name }) => ({ title: name, numeric: true }))],
      rows: [
        ...trials.map(({ study }, trial) => [
          study,
          ...shown.map(({ trials: own }) => formatSignificant(own[trial]?.gain.estimate ?? Number.NaN)),
        ]),
        ['Pooled', ...shown.map(({ pooled }) => scoreText(pooled.gain))],
        ['Standard deviation between trials', ...shown.map(({ pooled }) => formatSignificant(pooled.gain.heterogeneity))],
        [
          'New trial, 95% prediction interval',
          ...shown.map(
            ({ pooled: { gain } }) => `${formatSignificant(gain.predictionLower)} to ${formatSignificant(gain.predictionUpper)}`,
          ),
        ],
      ],
    },
  })
}

/** Calibration for benefit and the targeting curve of one method; nothing where it predicts much the same for all patients of a trial. */
export function candidateFigures(candidate: CandidateResult, unit: string): Html | undefined {
  if (candidate.curve.points.length === 0) return undefined
  return html`${calibrationFigure(candidate, unit)}${targeting(candidate, unit)}`
}

function calibrationFigure({ curve, trials }: CandidateResult, unit: string): Html {
  const points = curve.points.map(({ predicted, observed: { estimate, standardError } }) => ({
    predicted,
    observed: estimate,
    lower: estimate - NORMAL_QUANTILE * standardError,
    upper: estimate + NORMAL_QUANTILE * standardError,
  }))
  const groups = trials.flatMap(
    (trial) => trial?.groups.map(({ predicted, observed }) => ({ predicted, observed: observed.estimate })) ?? [],
  )
  const data = {
    curve: points,
    groups,
    predictedLabel: `Predicted benefit (${unit})`,
    observedLabel: `Observed benefit (${unit})`,
    ariaLabel: 'Observed against predicted benefit in held-out trials',
  }
  const { mean, median, ninetieth } = curve.distances
  return responsiveFigure((width) => benefitCalibrationFigure(data, width), {
    caption: `Calibration for benefit: predictions are right where the curve, with its 95% band, lies on the dashed line. Rings: groups of patients of single trials. Distance of the curve from the predictions: mean ${formatSignificant(mean)}, median ${formatSignificant(median)}, 90th percentile ${formatSignificant(ninetieth)}.`,
    data: {
      caption: 'Smooth calibration curve',
      columns: ['Predicted', 'Observed', '95% interval'].map((title) => ({ title, numeric: true })),
      rows: points.map(({ predicted, observed, lower, upper }) => [
        formatSignificant(predicted),
        formatSignificant(observed),
        `${formatSignificant(lower)} to ${formatSignificant(upper)}`,
      ]),
    },
  })
}

function targeting({ trials, pooled }: CandidateResult, unit: string): Html {
  const curves = trials.flatMap((trial) => (trial ? [trial.targeting.points] : []))
  const points = curves[0].map(({ share }, place) => ({
    share,
    advantage: curves.reduce((sum, curve) => sum + curve[place].advantage, 0) / curves.length,
  }))
  const data = {
    points,
    trials: curves,
    advantageLabel: `Benefit above average (${unit})`,
    ariaLabel: 'Targeting curve in held-out trials',
  }
  return responsiveFigure((width) => targetingFigure(data, width), {
    caption: `Targeting: how much more than everybody those with the largest predicted benefit gain. Thick: mean over trials; thin: single trials. Area (AUTOC): ${scoreText(pooled.autoc)}.`,
    data: {
      caption: 'Mean targeting curve',
      columns: ['Share of patients', 'Benefit above average'].map((title) => ({ title, numeric: true })),
      rows: points.map(({ share, advantage }) => [`${Math.round(100 * share)}%`, formatSignificant(advantage)]),
    },
  })
}
