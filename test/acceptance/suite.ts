/** What a suite of the acceptance run is: one file in `suites/`, exported as `suite`. */
export interface SamplerSettings {
  readonly seed: number
  readonly chains?: number
  readonly warmup?: number
  readonly draws?: number
}

export interface SuiteContext {
  /** Folder with `data/`, `ref/`, `posteriordb/`, `diagnostics/` and `meta_reference/`, each optional. */
  readonly kit: string
  readonly settings: SamplerSettings
  /** Folder of further modules of posteriors, looked into first. */
  readonly models?: string
  /** Writes one file below the folder of results: text as it is, anything else as JSON. */
  write(path: string, value: unknown): void
  /** Does one case; `work` returns a line about it. A failure is recorded and does not keep other cases from running. */
  attempt(name: string, work: () => Promise<string> | string): Promise<void>
}

export interface Suite {
  /** As compare.mjs names it. */
  readonly name: string
  run(context: SuiteContext): Promise<void>
}
