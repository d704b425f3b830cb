/** Trials for the checks of sites: as many covariates as wanted, one of them binary, made from scrambled sines so that every machine has the same numbers. */
export interface SiteRow {
  readonly study: string
  readonly cells: readonly string[]
}

export interface SiteTrialsShape {
  readonly trialCount: number
  readonly patientCount: number
  readonly covariateCount: number
}

export function siteRows({ trialCount, patientCount, covariateCount }: SiteTrialsShape): SiteRow[] {
  return Array.from({ length: trialCount * patientCount }, (_, index) => {
    const trial = Math.floor(index / patientCount)
    const wave = (frequency: number) => {
      const scrambled = Math.sin(frequency * (index + 1)) * 43758.5453
      return 2 * (scrambled - Math.floor(scrambled)) - 1
    }
    const covariates = Array.from({ length: covariateCount }, (_, k) =>
      k === 0 ? Number(wave(78.233) > 0) : wave(12.9898 + 7.1 * k) * 1.4,
    )
    const treated = index % 2
    const outcome =
      10 +
      0.3 * trial +
      covariates.reduce((sum, x) => sum + 0.5 * x, 0) +
      treated * (1 + 0.4 * covariates[covariateCount - 1]) +
      2 * wave(37.719)
    return {
      study: `site-${trial + 1}`,
      cells: [
        `site-${trial + 1}`,
        `patient-7-${index}`,
        treated === 1 ? 'active' : 'placebo',
        outcome.toFixed(6),
        ...covariates.map((value) => (Number.isInteger(value) ? String(value) : value.toFixed(4))),
      ],
    }
  })
}

export function siteCsv(rows: readonly SiteRow[]): string {
  const covariates = Array.from({ length: rows[0].cells.length - 4 }, (_, k) => `x${k + 1}`)
  const header = ['study', 'patient', 'treatment', 'outcome', ...covariates]
  return `${[header, ...rows.map(({ cells }) => cells)].map((cells) => cells.join(',')).join('\n')}\n`
}

export function siteProtocol(covariateCount: number, trialCount: number, parts: Readonly<Record<string, string>> = {}): string {
  const covariates = Array.from({ length: covariateCount }, (_, k) =>
    k === 0 ? '{ name: x1, type: binary }' : `{ name: x${k + 1}, type: continuous, centre: 0, scale: 1 }`,
  )
  const whole: Record<string, string> = {
    poolite: '1',
    title: 'Sites',
    data: '{ study: study, patient: patient, treatment: { column: treatment, control: placebo, treated: active } }',
    outcome: '{ column: outcome, better: higher, centre: 10, scale: 2 }',
    covariates: `[${covariates.join(', ')}]`,
    trials: `{ include: [${Array.from({ length: trialCount }, (_, index) => `site-${index + 1}`).join(', ')}] }`,
    profiles: `[{ name: high, covariates: { x${covariateCount}: 1 } }]`,
    inference: '{ seed: 3, chains: 4, warmup: 500, draws: 500 }',
    ...parts,
  }
  return `${Object.entries(whole)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n')}\n`
}
