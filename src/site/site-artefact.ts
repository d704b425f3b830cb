/**
 * The one file that leaves a site: what a first stage says of one trial, and who made it how. Its digest is the SHA-256 of the file as canonical
 * JSON (keys sorted, no spaces) without `digest` and `signature`; a signature is Ed25519 (RFC 8032) of the digest's 64 characters. The schema has no
 * place for anything that belongs to one participant, and refuses fields that it does not know.
 */
import { z } from 'zod'

export const siteFormat = 'poolite-site-1'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const count = z.int().nonnegative().max(1e9)
const finite = z.number()
/** Written so that validators in other languages can read it in the JSON Schema. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const withoutControls = /^[^\x00-\x1f\x7f-\x9f]*$/
/** Names of studies and columns come from the protocol; nobody writes prose here. */
const label = z.string().min(1).max(120).regex(withoutControls)
const armCounts = z.strictObject({ control: count, treated: count })
const LONGEST_TEXT = 6e7

/** Variables as in `Draws`; values `[chain, draw, ...dimensions]`. */
const encodedDraws = z.strictObject({
  chains: z.int().min(1).max(1000),
  /** Per chain. */
  draws: z.int().min(1).max(1e6),
  variables: z
    .array(
      z.strictObject({
        name: label,
        dimensions: z.array(z.strictObject({ name: label, labels: z.array(label).max(2000) })).max(3),
        /** Base64 of Float64, little-endian. */
        values: z.string().max(LONGEST_TEXT),
      }),
    )
    .max(60),
})

const moments = z.strictObject({
  /** `[column]` */
  mean: z.array(finite).max(400),
  /** `[column]`; standard deviations */
  sd: z.array(finite.nonnegative()).max(400),
})

const regression = z.strictObject({
  /** Of the treatment effect, as in `coefficients.names`. */
  estimate: z.array(finite).max(400),
  /** `[coefficient, coefficient]` */
  covariance: z.array(finite).max(160_000),
  /** Slopes of the prognostic columns in the control arm. */
  prognostic: z.strictObject({
    names: z.array(label).max(400),
    estimate: z.array(finite).max(400),
    error: z.array(finite).max(400),
  }),
  residualDeviation: finite.nonnegative(),
})

export const siteArtefactSchema = z.strictObject({
  format: z.literal(siteFormat),
  protocolHash: sha256,
  study: label,
  /** `import`: made elsewhere and brought in by `poolite site import`. */
  origin: z.enum(['poolite', 'import']),
  versions: z.strictObject({ poolite: label, node: label }),
  seed: count,
  model: label,
  patients: armCounts,
  /** Left out for missing values; null where the count is too small to be reported. */
  leftOut: z.strictObject({ control: count.nullable(), treated: count.nullable() }),
  fit: z.strictObject({
    /** `elsewhere`: by another program. */
    algorithm: z.enum(['nuts', 'hmc', 'exact', 'laplace', 'mean-field', 'full-rank', 'pathfinder', 'elsewhere']),
    engine: z.enum(['webassembly', 'javascript', 'eager']),
    precision: z.enum(['float64', 'float32']),
    chains: count,
    warmup: count,
    /** Per chain. */
    draws: count,
    targetAcceptance: finite.min(0).max(1),
    maximumTreeDepth: count,
    gradientCount: count,
    /** Over all chains. */
    divergences: count,
    diagnosis: z.enum(['passed', 'failed']),
    checks: z
      .array(
        z.strictObject({
          name: label,
          status: z.enum(['passed', 'failed', 'not-assessed']),
          worst: z.strictObject({ name: label, value: finite.nullable() }).optional(),
          cutOff: finite.optional(),
          failureCount: count,
        }),
      )
      .max(40),
  }),
  /** Analysis scale; present when the effect is linear in the modifiers. */
  coefficients: z
    .strictObject({
      names: z.array(label).min(1).max(400),
      /** Posterior mean. `[coefficient]` */
      estimate: z.array(finite).max(400),
      /** Posterior covariance. `[coefficient, coefficient]` */
      covariance: z.array(finite).max(160_000),
      /** `[draw, coefficient]` in base64; where the second stage pools draws. */
      draws: z.strictObject({ count: z.int().min(1).max(1e7), values: z.string().max(LONGEST_TEXT) }).optional(),
    })
    .optional(),
  /** Parameters that effects of anybody can be computed from; where the second stage pools effects and the rules allow it. */
  parameters: encodedDraws.optional(),
  /** Effects of the people of the protocol; where the second stage pools effects and parameters stay at the site. */
  profileEffects: encodedDraws.optional(),
  /** Refits to bootstrap samples in place of draws; where the second stage weighs by them. */
  refits: encodedDraws.optional(),
  /** Least squares with all interactions. */
  leastSquares: regression.optional(),
  /** Moments of the design's columns, rounded so that no single participant can be read off. Analysis scale. */
  arms: z
    .strictObject({ step: finite.positive(), columns: z.array(label).max(400), control: moments, treated: moments })
    .optional(),
  /** Moments of the modifiers over both arms, rounded likewise. */
  overlap: z
    .strictObject({ step: finite.positive(), mean: z.array(finite).max(400), covariance: z.array(finite).max(160_000) })
    .optional(),
  disclosure: z.strictObject({ leastCount: count, parameterShare: finite, isRestricted: z.boolean() }),
  digest: sha256,
  signature: z
    .strictObject({
      algorithm: z.literal('Ed25519'),
      /** SPKI, DER, base64. */
      publicKey: z.string().max(200),
      value: z.string().max(200),
    })
    .optional(),
})

export type SiteArtefact = z.infer<typeof siteArtefactSchema>
export type EncodedDraws = z.infer<typeof encodedDraws>

/** The JSON Schema of site files, for programs that write or read them elsewhere. */
export function siteJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(siteArtefactSchema), title: 'poolite site file', description: 'First-stage result of one trial' }
}
