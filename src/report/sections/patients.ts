import type { Analysis, PersonEffect } from '../../contract/analysis.js'
import { responsiveFigure } from '../figure-element.js'
import { effectDistributionFigure } from '../figures/effect-distribution.js'
import { effectIntervalsFigure } from '../figures/effect-intervals.js'
import { type Html, html } from '../html.js'
import { key } from '../key.js'
import { intervalKind, treatedName, unitSuffix } from '../labels.js'
import { decimalsFor, formatCount, formatInterval, formatNumber } from '../number-format.js'
import { effectDistributionData, effectIntervalsData, patientsByEffect, summaryFor } from '../patient-data.js'
import { probabilityOfBenefit } from './probability-of-benefit.js'

const wideLimit = 150
const narrowLimit = 60

/** Predicted effects of the analysed patients: intervals in order, distribution, probabilities of benefit. */
export function patientsSection(analysis: Analysis): Html {
  const patients = patientsByEffect(analysis)
  if (patients.length === 0) return html``
  return html`<section aria-labelledby="patients"><h2 id="patients">Predicted effects of the analysed patients</h2>
${intervalsFigure(analysis, patients.length)}
${distributionFigure(analysis, patients)}
${probabilityOfBenefit(analysis, patients)}
${flagSentence(patients)}</section>`
}

function intervalsFigure(analysis: Analysis, patientCount: number): Html {
  const data = effectIntervalsData(analysis, wideLimit)
  const onPhone = effectIntervalsData(analysis, narrowLimit)
  const decimals = decimalsFor((data.patients[0].average.upper - data.patients[0].average.lower) / 4)
  const thinned =
    patientCount > data.patients.length
      ? ` Drawn: ${data.patients.length} of ${formatCount(patientCount)} patients at equal distances of rank${patientCount > narrowLimit ? ` (${narrowLimit} on a narrow screen)` : ''}.`
      : ''
  return responsiveFigure((width) => effectIntervalsFigure(width < 500 ? onPhone : data, width), {
    lead: html`<h3>Effect of ${treatedName(analysis.protocol)} for each patient, from the smallest value to the largest</h3>${key(
      [
        ['thick bar', `95% ${intervalKind(analysis)} interval with the mean as a line across, average setting`],
        ['thin bar', '95% prediction interval, new setting'],
      ],
    )}`,
    caption: `Each bar is one patient.${thinned}`,
    data: {
      caption: 'Patients drawn, by rank of predicted effect',
      columns: [
        { title: 'Rank', numeric: true },
        { title: 'Trial' },
        { title: 'Mean', numeric: true },
        { title: 'Average setting, 95%', numeric: true },
        { title: 'New setting, 95%', numeric: true },
      ],
      rows: data.patients.map(({ rank, study, average, newSetting }) => [
        String(rank),
        study,
        formatNumber(average.mean, decimals),
        formatInterval(average, decimals),
        formatInterval(newSetting, decimals),
      ]),
    },
  })
}

function distributionFigure(analysis: Analysis, patients: readonly PersonEffect[]): Html {
  const means = patients.map((patient) => summaryFor(patient, 'average')!.mean)
  const data = effectDistributionData(analysis)
  const { mean } = data
  const sd = Math.sqrt(means.reduce((sum, value) => sum + (value - mean) ** 2, 0) / means.length)
  const decimals = decimalsFor(sd / 10)
  const unit = unitSuffix(analysis.protocol)
  return responsiveFigure((width) => effectDistributionFigure(data, width), {
    lead: html`<h3>Distribution of the predicted effects</h3>`,
    caption: `Posterior mean effects in the average setting: mean over patients ${formatNumber(mean, decimals)}${unit}, SD ${formatNumber(sd, decimals)}${unit}, from ${formatNumber(means[0], decimals)} to ${formatNumber(means.at(-1)!, decimals)}. They vary less than the effects themselves, since every prediction is pulled towards the mean as far as the data are silent.`,
    data: {
      caption: 'Number of patients by predicted effect',
      columns: [
        { title: 'From', numeric: true },
        { title: 'To', numeric: true },
        { title: 'Patients', numeric: true },
      ],
      rows: data.bins.map((bin) => [binEdge(bin.from), binEdge(bin.to), String(bin.count)]),
    },
  })
}

function binEdge(value: number): string {
  return formatNumber(value, Math.max(0, Math.min(6, (String(Number(value.toPrecision(6))).split('.')[1] ?? '').length)))
}

function flagSentence(patients: readonly PersonEffect[]): Html | undefined {
  const count = patients.filter((patient) => patient.flags.length > 0).length
  if (count === 0) return undefined
  return html`<p>Outside the protocol's range in at least one covariate, or unlike the trials' patients: ${formatCount(count)} of ${formatCount(patients.length)} patients. Their effects are extrapolations; the table of effects flags each of them.</p>`
}
