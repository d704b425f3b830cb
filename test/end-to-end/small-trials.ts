/** Columns of the small data: three trials of 40 patients, 1:1, two covariates. */
const header = ['study', 'patient', 'treatment', 'outcome', 'age', 'female'] as const

export type Row = Record<(typeof header)[number], string>

/** Made from sines, so that nothing is collinear and every run sees the same numbers. */
export function smallTrials(trialCount = 3, patientCount = 40): Row[] {
  return Array.from({ length: trialCount * patientCount }, (_, index) => {
    const trial = Math.floor(index / patientCount)
    const [a, b, c] = [12.9898, 78.233, 37.719].map((frequency) => Math.sin(frequency * (index + 1)))
    const treated = index % 2
    const female = b > 0 ? 1 : 0
    const outcome = 10 + trial + 2 * a + treated * (1 + a - 0.5 * female) + 3 * c
    return {
      study: `trial-${trial + 1}`,
      patient: String(index + 1),
      treatment: treated === 1 ? 'active' : 'placebo',
      outcome: outcome.toFixed(3),
      age: (50 + 10 * a).toFixed(1),
      female: String(female),
    }
  })
}

export function csvText(rows: readonly Row[]): string {
  return `${[header.join(','), ...rows.map((row) => header.map((name) => row[name]).join(','))].join('\n')}\n`
}

/** A protocol for those data; the parts can be replaced. */
export function protocolText(parts: Readonly<Record<string, string>> = {}): string {
  const whole: Record<string, string> = {
    poolite: '1',
    title: 'Small trials',
    data: '{ study: study, patient: patient, treatment: { column: treatment, control: placebo, treated: active } }',
    outcome: '{ column: outcome, better: higher, centre: 10, scale: 3, unit: points }',
    covariates:
      '[{ name: age, type: continuous, unit: years, centre: 50, scale: 10, range: [18, 90] }, { name: female, type: binary }]',
    firstStage: '{ model: linear, exact: false }',
    inference: '{ seed: 1, chains: 2, warmup: 200, draws: 200 }',
    ...parts,
  }
  return `${Object.entries(whole)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n')}\n`
}
