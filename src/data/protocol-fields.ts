import { z } from 'zod'

/** A label in the data: YAML reads `control: 0` and `levels: [1, 2]` as numbers, the data hold text. */
const label = z.union([z.string(), z.number(), z.boolean()]).transform(String)

const role = z
  .enum(['prognostic', 'modifier', 'both'])
  .default('both')
  .describe('prognostic: main effect only; modifier: interaction with treatment only; both: both')

/** A covariate as the protocol declares it. Centre and scale are constants for all trials: never a trial's own mean and SD. */
const continuousCovariate = z.strictObject({
  name: z.string().min(1),
  type: z.literal('continuous'),
  column: z.string().optional().describe('Column of the data when it is not the name'),
  unit: z.string().optional(),
  role,
  centre: z.number(),
  scale: z.number().positive(),
  /** Allowed values, both ends included. */
  range: z.tuple([z.number(), z.number()]).optional().describe('Allowed values, both ends included'),
  /** Restricted cubic spline in place of a straight line, in main effect and interaction: the same knots for all trials, so that coefficients can be pooled. */
  spline: z
    .strictObject({ knots: z.array(z.number()).max(10) })
    .optional()
    .describe('Restricted cubic spline in place of a straight line; knots increasing, 3 to 5 are usual'),
})

const binaryCovariate = z.strictObject({
  name: z.string().min(1),
  type: z.literal('binary'),
  column: z.string().optional().describe('Column of the data when it is not the name'),
  role,
  /** What 0 and 1 mean, in that order; the data may hold 0 and 1 or these labels. */
  labels: z.tuple([label, label]).optional().describe('What 0 and 1 mean, in that order'),
  centre: z.number().default(0),
  scale: z.number().positive().default(1),
})

const categoricalCovariate = z.strictObject({
  name: z.string().min(1),
  type: z.literal('categorical'),
  column: z.string().optional().describe('Column of the data when it is not the name'),
  role,
  /** The first level is the reference unless `reference` says otherwise. */
  levels: z.array(label).min(2).max(40),
  reference: label.optional(),
})

export const covariateSchema = z.discriminatedUnion('type', [continuousCovariate, binaryCovariate, categoricalCovariate])
export type Covariate = z.infer<typeof covariateSchema>

const covariateValues = z.record(z.string(), z.union([z.number(), z.string()]))

/** The protocol's fields one by one; `protocol.ts` adds what must hold between them. */
export const protocolFields = z.strictObject({
  /** Version of this format. */
  poolite: z.literal(1),
  title: z.string(),
  data: z.strictObject({
    /** Columns of the data. */
    study: z.string().describe('Column that names the trial'),
    patient: z.string().optional().describe('Column that identifies the patient within the trial'),
    treatment: z.strictObject({ column: z.string(), control: label, treated: label, name: z.string().optional() }),
    /** Cell contents that mean missing. An empty cell always does. */
    missing: z.array(label).default(['', 'NA']),
  }),
  outcome: z.strictObject({
    column: z.string(),
    name: z.string().optional(),
    unit: z.string().optional(),
    better: z.enum(['higher', 'lower']).describe('Direction of benefit'),
    centre: z.number(),
    /** The reference standard deviation: priors and heterogeneity are stated in this unit. */
    scale: z.number().positive().describe('Reference standard deviation, the unit of priors and heterogeneity'),
  }),
  covariates: z.array(covariateSchema).min(1),
  trials: z
    .strictObject({
      /** Studies to analyse; all when absent. */
      include: z.array(label).optional(),
      /** Fewest complete patients for a trial to be analysed. */
      leastPatients: z.int().positive().default(1),
      /** What to do with a trial whose design matrix is singular. */
      singularDesign: z
        .enum(['refuse', 'exclude', 'allow'])
        .default('refuse')
        .describe('allow: analyse it all the same, which takes proper priors; the prior then decides where the data say nothing'),
      /** What to do with a covariate of which no patient of some trial has a value. */
      missingCovariate: z
        .enum(['refuse', 'exclude', 'drop', 'use-available'])
        .optional()
        .describe(
          'A covariate that a trial did not measure: exclude the trial, drop the covariate from all trials, use-available in each trial what it measured; refuse when absent',
        ),
    })
    .prefault({}),
  /** Covariate values of the reference patient; those not given are at their centre, 0 or the reference level. */
  referencePatient: z
    .strictObject({ name: z.string().default('reference patient'), covariates: covariateValues.default({}) })
    .prefault({}),
  profiles: z.array(z.strictObject({ name: z.string(), covariates: covariateValues })).default([]),
  /** In units of the outcome, as a positive number; 0 when any benefit counts. */
  smallestImportantEffect: z.number().nonnegative().default(0),
  /** What may leave a site, see `src/site/disclosure-rules.ts`; a site may be stricter. */
  disclosure: z
    .strictObject({
      leastCount: z
        .int()
        .min(1)
        .optional()
        .describe('Fewest patients of an arm, or of a level in an arm, that is reported; 5 when absent'),
      parameterShare: z
        .number()
        .positive()
        .max(1)
        .optional()
        .describe('Most coefficients of an arm per patient of it; 1/3 when absent'),
      mostLevels: z.int().min(2).max(40).optional().describe('Most levels of a categorical covariate; 40 when absent'),
      release: z
        .enum(['profiles', 'model'])
        .optional()
        .describe(
          'What leaves a site of a model that is not linear: effects of the reference patient and the profiles, when absent, or its parameters, from which later patients can be predicted and memberships be guessed',
        ),
    })
    .optional()
    .describe('What may leave a site; a site may be stricter'),
  firstStage: z.looseObject({ model: z.string().default('linear') }).prefault({}),
  secondStage: z.looseObject({ method: z.string().default('hierarchical') }).prefault({}),
  /** What `poolite validate` compares, besides the constant-effect model; a list of its own when absent. */
  validation: z
    .strictObject({
      candidates: z
        .array(
          z.strictObject({
            name: z.string().min(1).optional().describe('In tables and sentences; made of the stages when absent'),
            firstStage: z.looseObject({ model: z.string().default('linear') }).prefault({}),
            secondStage: z.looseObject({ method: z.string().default('hierarchical') }).prefault({}),
          }),
        )
        .min(1)
        .optional()
        .describe('Pairs of stages to compare; the stages of this protocol and three others when absent'),
      mostFolds: z
        .int()
        .min(3)
        .default(20)
        .describe('Where there are more trials than this, groups of them are held out together'),
      nested: z
        .boolean()
        .default(true)
        .describe('Also repeat the choice without each trial, so that its score is not optimistic'),
    })
    .optional()
    .describe('What `poolite validate` compares, besides the constant-effect model'),
  inference: z
    .strictObject({
      seed: z.int().nonnegative().default(1),
      /** What the model suggests, when absent: most are sampled by NUTS. The pooled model always is, where it is not exact. */
      algorithm: z
        .enum(['nuts', 'hmc', 'laplace', 'mean-field', 'full-rank', 'pathfinder'])
        .optional()
        .describe("How each trial's posterior is sampled or approximated; what the model suggests when absent"),
      fallback: z
        .enum(['nuts', 'none'])
        .optional()
        .describe(
          'What to do with a trial whose approximation fails its checks: sample it by NUTS, or let it fail; what the model suggests when absent',
        ),
      /** Of the first stage. */
      start: z
        .enum(['uniform', 'zero', 'prior'])
        .optional()
        .describe('Where chains, and climbs of approximations, start in the first stage: uniform on (-2, 2) when absent'),
      chains: z.int().positive().default(4),
      warmup: z
        .int()
        .nonnegative()
        .optional()
        .describe('Warmup transitions per chain; what the model suggests, mostly 500, when absent'),
      draws: z.int().positive().optional().describe('Draws per chain; what the model suggests, mostly 1000, when absent'),
      /** Transitions for each draw that is kept. */
      thin: z.int().positive().default(1).describe('Transitions for each draw that is kept; bounds the memory of long chains'),
      /** Each model's own default when absent. */
      targetAcceptance: z.number().gt(0).lt(1).optional(),
      maximumTreeDepth: z.int().positive().max(20).default(10),
      metric: z
        .enum(['automatic', 'diagonal', 'dense'])
        .optional()
        .describe('Of the sampler: automatic, when absent, is dense where that pays'),
      adaptation: z
        .enum(['gradient', 'stan'])
        .optional()
        .describe('How the metric is learnt: from gradients, when absent, or as in Stan'),
    })
    .prefault({}),
})

export type Protocol = z.infer<typeof protocolFields>
