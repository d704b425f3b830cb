import { z } from 'zod'
import { protocolSchema } from './protocol.js'

/** The JSON Schema of protocol files, for editors: fields with defaults are optional. Rules between fields are left to `parseProtocol`. */
export function protocolJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(protocolSchema, { io: 'input' })
  return {
    ...schema,
    title: 'poolite protocol',
    description: 'Protocol of a two-stage individual-participant-data meta-analysis',
  }
}
