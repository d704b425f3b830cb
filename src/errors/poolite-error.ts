/** What every poolite error carries as data; the message is built from it. */
export interface ErrorDetails {
  /** What is wrong, one clause without a final full stop. */
  readonly problem: string
  /** Why that stops the work, or how it came about. */
  readonly reason?: string
  /** What the reader can do now. */
  readonly remedy: string
  readonly file?: string
  /** 1-based line of the file, header included. */
  readonly row?: number
  readonly column?: string
  /** Where in the reader's own program, such as `growth.ts:12:20`, with the folder. */
  readonly source?: string
}

/** Base of all errors that poolite throws on purpose. Anything else that escapes is a bug of ours. */
export abstract class PooliteError extends Error {
  /** Stable identifier of the kind of error, for programs. */
  abstract readonly code: string
  /** Exit status of the command line for this error. */
  abstract readonly exitStatus: number
  readonly details: ErrorDetails

  constructor(details: ErrorDetails) {
    super(sentence(details))
    this.details = details
    this.name = new.target.name
  }

  toJSON(): { code: string } & ErrorDetails {
    return { code: this.code, ...this.details }
  }
}

function sentence({ problem, reason, remedy, file, row, column, source }: ErrorDetails): string {
  const place = [file, row === undefined ? undefined : `row ${row}`, column === undefined ? undefined : `column "${column}"`]
  const where = place.filter((part) => part !== undefined).join(', ')
  return `${where ? `${where}: ` : ''}${problem}${reason ? ` (${reason})` : ''}. ${remedy}${source ? ` See ${source}` : ''}`
}
