/** Build step: the JSON Schemas of protocol files and of site files beside the compiled package. */
import { writeFileSync } from 'node:fs'
import { protocolJsonSchema } from '../data/protocol-json-schema.js'
import { siteJsonSchema } from '../site/site-artefact.js'

const write = (name: string, schema: object) =>
  writeFileSync(new URL(`../../${name}.schema.json`, import.meta.url), `${JSON.stringify(schema, null, 2)}\n`)

write('protocol', protocolJsonSchema())
write('site', siteJsonSchema())
