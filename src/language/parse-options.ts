import { z } from 'zod'
import { ProtocolError } from '../errors/protocol-error.js'

/**
 * Validates the options of a model or method in a protocol section.
 * @param section such as `firstStage`
 * @param nameKey the key that names the model or method, which is not an option
 * @throws ProtocolError naming the option, what was found and what is allowed.
 */
export function parseOptions<Schema extends z.ZodType>(
  section: string,
  nameKey: string,
  schema: Schema,
  raw: unknown,
): z.output<Schema> {
  const { [nameKey]: name, ...options } = (raw ?? {}) as Record<string, unknown>
  const parsed = schema.safeParse(options)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const path = [section, ...issue.path].join('.')
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
  const isUnknownKey = issue.code === 'unrecognized_keys'
  throw new ProtocolError({
    problem: isUnknownKey
      ? `${path} has the unknown option ${issue.keys.map((key) => `"${key}"`).join(', ')}`
      : `${path}: ${issue.message}`,
    ...(typeof name === 'string' ? { reason: `these are options of "${name}"` } : {}),
    remedy:
      isUnknownKey && issue.path.length === 0
        ? `The options are ${known.join(', ')}.`
        : 'Correct the option or leave it out for the default.',
  })
}
