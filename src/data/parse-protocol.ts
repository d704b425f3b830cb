import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml'
import { ProtocolError } from '../errors/protocol-error.js'
import { type Protocol, protocolSchema } from './protocol.js'
import { type ProtocolIssue, pathText, protocolIssues } from './protocol-issues.js'

/**
 * Reads a protocol from YAML or JSON (which is YAML too), fills in defaults and checks it.
 * @throws ProtocolError with the row and path of the first fault; the remedy lists the others.
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs'
 * import { parseProtocol } from 'poolite'
 *
 * const protocol = parseProtocol(readFileSync('protocol.yaml', 'utf8'), 'protocol.yaml')
 * protocol.outcome.better // => higher
 * ```
 */
export function parseProtocol(text: string, fileName: string): Protocol {
  const lines = new LineCounter()
  const document = parseDocument(text.replace(/^\uFEFF/, ''), { lineCounter: lines, prettyErrors: false })
  const [syntaxError] = document.errors
  if (syntaxError) {
    throw new ProtocolError({
      problem: `not valid YAML or JSON: ${firstClause(syntaxError.message)}`,
      remedy: 'Correct the syntax there: check indentation, quotes and brackets; a text with a colon needs quotes.',
      file: fileName,
      row: lines.linePos(syntaxError.pos[0]).line,
    })
  }
  if (!isMap(document.contents)) throw notAProtocol(fileName)
  const raw: unknown = document.toJS()
  const result = protocolSchema.safeParse(raw)
  if (result.success) return result.data
  const issues = result.error.issues.flatMap((issue) => protocolIssues(issue, raw))
  const misspelt = new Set(issues.map((issue) => issue.meant))
  const own = issues.filter((issue) => !(issue.isMissing && misspelt.has(pathText(issue.path))))
  throw issuesError(own, fileName, (issue) => rowOf(issue.path, document, lines))
}

function issuesError(
  issues: readonly ProtocolIssue[],
  file: string,
  row: (issue: ProtocolIssue) => number | undefined,
): ProtocolError {
  const [first, ...others] = issues.map((issue) => ({ ...issue, row: row(issue) })).sort((a, b) => (a.row ?? 0) - (b.row ?? 0))
  const also = others.map((issue) => `${issue.row === undefined ? '' : `Row ${issue.row}, `}${issue.problem}. ${issue.remedy}`)
  return new ProtocolError({
    problem: first.problem,
    remedy: [first.remedy, ...also].join(' '),
    file,
    ...(first.row === undefined ? {} : { row: first.row }),
  })
}

/** Row of the key that the path ends in, or of the innermost block that contains it. */
function rowOf(path: readonly PropertyKey[], document: Document, lines: LineCounter): number | undefined {
  for (let length = path.length; length >= 0; length--) {
    const parent = length ? document.getIn(path.slice(0, length - 1), true) : document.contents
    const key = path[length - 1]
    const pair =
      length && isMap(parent)
        ? parent.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key))
        : undefined
    const node = pair ? pair.key : length ? document.getIn(path.slice(0, length), true) : parent
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line
  }
  return undefined
}

function firstClause(message: string): string {
  const [clause] = message.split('\n')
  return `${clause.charAt(0).toLowerCase()}${clause.slice(1)}`.replace(/[.:]$/, '')
}

function notAProtocol(file: string): ProtocolError {
  return new ProtocolError({
    problem: 'not a protocol: no fields were found',
    remedy: 'Give a YAML or JSON file that begins with `poolite: 1`; `poolite init data.csv` drafts one from data.',
    file,
  })
}
