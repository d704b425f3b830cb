/** A delimited text file as text: nothing is typed yet. */
export interface Table {
  readonly file: string
  /** Header cells, trimmed, in the order of the file; a column without a name has the empty string. */
  readonly columns: readonly string[]
  readonly rows: readonly TableRow[]
}

export interface TableRow {
  /** 1-based line of the file on which the row begins; the header is row 1. */
  readonly row: number
  /** `[column]`, trimmed */
  readonly cells: readonly string[]
}
