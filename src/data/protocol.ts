import { protocolFields } from './protocol-fields.js'
import { brokenRules } from './protocol-rules.js'

export { type Covariate, covariateSchema, type Protocol } from './protocol-fields.js'

/**
 * The protocol: the one file that all sites share. Fields are checked one by one, then against each other; each issue carries the path
 * of the field. `parseProtocol` turns issues into sentences.
 */
export const protocolSchema = protocolFields.superRefine((protocol, context) => {
  for (const { path, message } of brokenRules(protocol)) context.addIssue({ code: 'custom', path: [...path], message })
})
