import type { z } from 'zod'
import { didYouMean, nearestName } from './nearest-name.js'
import { protocolJsonSchema } from './protocol-json-schema.js'
import { unconfirmed } from './unconfirmed.js'
import { listing, quoted } from './wording.js'

/** One fault of a protocol file as sentences, with the path of the field that it is about. */
export interface ProtocolIssue {
  readonly path: readonly PropertyKey[]
  /** `outcome.better: expected "higher" or "lower", found "higer"` */
  readonly problem: string
  readonly remedy: string
  /** For an unknown field: the known one that was probably meant, as a path. */
  readonly meant?: string
  /** A field that must be given and is not. */
  readonly isMissing?: boolean
}

/** The sentences for one zod issue; an object with several unknown keys gives one for each. */
export function protocolIssues(issue: z.core.$ZodIssue, raw: unknown): ProtocolIssue[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(issue.path, key))
  const at = pathText(issue.path)
  if (issue.code === 'custom') return [{ path: issue.path, ...splitSentences(`${at}: ${issue.message}`) }]
  const value = valueAt(raw, issue.path)
  const expected = expectation(issue)
  const isAbsent = value === undefined || value === null
  if (value === unconfirmed)
    return [{ path: issue.path, problem: `${at} is still to be confirmed`, remedy: `Write ${expected} in its place.` }]
  return [
    {
      path: issue.path,
      isMissing: isAbsent,
      problem: isAbsent ? `${at} is missing; expected ${expected}` : `${at}: expected ${expected}, found ${valueText(value)}`,
      remedy: isAbsent
        ? `Add ${at} to the protocol.`
        : `Correct ${at}.${typeof value === 'string' ? spelling(issue, value) : ''}`,
    },
  ]
}

/** `covariates[0].scale` */
export function pathText(path: readonly PropertyKey[]): string {
  const parts = path.map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index ? '.' : ''}${String(part)}`))
  return parts.join('') || 'the protocol'
}

function unknownKey(path: readonly PropertyKey[], key: string): ProtocolIssue {
  const known = keysAt(path)
  const nearest = nearestName(key, known)
  return {
    path: [...path, key],
    problem: `${pathText([...path, key])}: there is no field "${key}" here`,
    remedy: `Known fields: ${known.join(', ')}.${didYouMean(key, known)}`,
    ...(nearest !== undefined && { meant: pathText([...path, nearest]) }),
  }
}

function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value')
    return listing(
      issue.values.map((value) => JSON.stringify(value)),
      'or',
    )
  if (issue.code === 'invalid_union' && 'options' in issue && Array.isArray(issue.options))
    return listing(
      issue.options.map((option) => JSON.stringify(option)),
      'or',
    )
  if (issue.code === 'invalid_union') return 'a number or text'
  if (issue.code === 'invalid_type') return typeText(issue.expected)
  if (issue.code === 'too_small' || issue.code === 'too_big') return boundText(issue)
  return issue.message.toLowerCase()
}

function typeText(expected: string): string {
  const texts: Record<string, string> = {
    int: 'a whole number',
    string: 'text',
    object: 'a block of fields',
    record: 'a block of fields',
    array: 'a list',
    tuple: 'a list',
  }
  return texts[expected] ?? `a ${expected}`
}

function boundText(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const [relation, bound] =
    issue.code === 'too_small'
      ? [issue.inclusive ? 'at least' : 'more than', issue.minimum]
      : [issue.inclusive ? 'at most' : 'less than', issue.maximum]
  if (issue.origin === 'array') return `a list of ${relation} ${bound}`
  if (issue.origin === 'string') return `text of ${relation} ${bound} character`
  return `a number ${relation} ${bound}`
}

function spelling(issue: z.core.$ZodIssue, value: string): string {
  if (issue.code === 'invalid_value') return didYouMean(value, issue.values.map(String))
  if (issue.code === 'invalid_union' && 'options' in issue && Array.isArray(issue.options))
    return didYouMean(value, issue.options.map(String))
  return ''
}

function splitSentences(text: string): { problem: string; remedy: string } {
  const end = text.indexOf('. ')
  return end < 0
    ? { problem: text, remedy: 'Correct the protocol.' }
    : { problem: text.slice(0, end), remedy: text.slice(end + 2) }
}

function valueText(value: unknown): string {
  if (typeof value === 'string') return quoted(value)
  if (Array.isArray(value)) return `a list of ${value.length}`
  return typeof value === 'object' ? 'a block of fields' : String(value)
}

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined),
    raw,
  )
}

interface JsonSchemaNode {
  readonly properties?: Readonly<Record<string, JsonSchemaNode>>
  readonly items?: JsonSchemaNode | false
  readonly oneOf?: readonly JsonSchemaNode[]
  readonly anyOf?: readonly JsonSchemaNode[]
}

/** Fields that the format knows at a path: the JSON Schema says. */
function keysAt(path: readonly PropertyKey[]): string[] {
  let nodes: JsonSchemaNode[] = [protocolJsonSchema() as JsonSchemaNode]
  for (const key of path) {
    const next = nodes.flatMap((node) => (typeof key === 'number' ? node.items || [] : (node.properties?.[String(key)] ?? [])))
    nodes = next.flatMap((node) => [node, ...(node.oneOf ?? []), ...(node.anyOf ?? [])])
  }
  return [...new Set(nodes.flatMap((node) => Object.keys(node.properties ?? {})))]
}
