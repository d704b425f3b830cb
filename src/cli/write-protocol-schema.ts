/** Build step: the JSON Schema of protocol files beside the compiled package. */
import { writeFileSync } from 'node:fs'
import { protocolJsonSchema } from '../data/protocol-json-schema.js'

writeFileSync(new URL('../../protocol.schema.json', import.meta.url), `${JSON.stringify(protocolJsonSchema(), null, 2)}\n`)
