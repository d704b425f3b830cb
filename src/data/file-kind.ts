import { DataError } from '../errors/data-error.js'

interface Kind {
  readonly name: string
  readonly isLike: (text: string) => boolean
  readonly remedy: string
}

const kinds: readonly Kind[] = [
  {
    name: 'a zip archive or spreadsheet',
    isLike: begins('PK\u0003', 'PK\u0005'),
    remedy: 'Save the sheet as CSV (comma separated, UTF-8) and give that file.',
  },
  { name: 'a Parquet file', isLike: begins('PAR1'), remedy: 'Export it as CSV.' },
  { name: 'a PDF document', isLike: begins('%PDF'), remedy: 'Give the data as CSV.' },
  {
    name: 'a compressed file',
    isLike: begins('\u001f\u008b', '\u001f\uFFFD', '\uFFFD7zXZ', '7z\uFFFD'),
    remedy: 'Unpack it first.',
  },
  {
    name: 'a file of a statistical package',
    isLike: begins('$FL2', '$FL3', '<stata_dta>', 'HEADER RECORD'),
    remedy: 'Export it as CSV there (in R: haven::read_sas(), read_sav() or read_dta(), then write.csv).',
  },
  {
    name: 'a web page or XML',
    isLike: (text) => /^\s*<(!doctype|html|\?xml|[a-z]+[\s>])/i.test(text),
    remedy: 'Give the data file itself: a download may have saved a log-in page instead.',
  },
  { name: 'JSON', isLike: (text) => /^\s*[[{]\s*(["'{[\]}]|$)/.test(text), remedy: 'Give the data as CSV, one row per patient.' },
]

function begins(...starts: string[]): (text: string) => boolean {
  return (text) => starts.some((start) => text.startsWith(start))
}

/**
 * Refuses text that is no delimited table: archives, documents, web pages, JSON, anything binary, nothing at all.
 * @throws DataError saying what it looks like.
 */
export function refuseOtherKinds(text: string, file: string): void {
  const reason = 'expected a CSV table with a header row'
  if (text.trim() === '')
    throw new DataError({ problem: 'the file is empty', reason, remedy: 'Give a CSV file with one row per patient.', file })
  const known = kinds.find((kind) => kind.isLike(text))
  if (known) throw new DataError({ problem: `this looks like ${known.name}`, reason, remedy: known.remedy, file })
  if (text.includes('\u0000'))
    throw new DataError({ problem: 'the file is binary or UTF-16', reason, remedy: 'Save it as CSV in UTF-8 encoding.', file })
}
