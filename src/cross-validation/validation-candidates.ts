import type { FirstStageModel } from '../contract/first-stage-model.js'
import type { AnyPoolingMethod } from '../contract/pooling-method.js'
import type { Protocol } from '../data/protocol.js'
import { canonicalJson } from '../data/protocol-hash.js'
import { ProtocolError } from '../errors/protocol-error.js'
import { type FittingPlan, planFit } from '../fitting/fitting-plan.js'
import { requireMatchingStages } from '../stages/check-stages.js'
import { lookUp, type StageInput } from '../stages/stage-input.js'

/** A pair of stages to be validated. */
export interface Candidate {
  readonly name: string
  /** The protocol with these stages. */
  readonly protocol: Protocol
  readonly model: FirstStageModel
  readonly modelOptions: unknown
  /** The same for candidates with the same first stage, which is fitted once. */
  readonly modelKey: string
  readonly plan: FittingPlan
  readonly method: AnyPoolingMethod
  readonly methodOptions: unknown
}

type Stages = Pick<Protocol, 'firstStage' | 'secondStage'> & { readonly name?: string | undefined }

export const CONSTANT_NAME = 'constant effect'

/** A regression, one that shrinks, and a flexible model: the kinds between which the data-generating mechanism, which nobody knows, decides. */
const usualCandidates: readonly Stages[] = [
  { firstStage: { model: 'linear' }, secondStage: { method: 'hierarchical' } },
  { firstStage: { model: 'linear', prior: 'regularised-horseshoe' }, secondStage: { method: 'hierarchical' } },
  { firstStage: { model: 'gaussian-process' }, secondStage: { method: 'weighted-average' } },
]

/**
 * What the protocol lists, or its own stages and the usual ones; pairs that say the same are taken once.
 * @throws ProtocolError for an invalid pair, before anything runs, and for two candidates of one name.
 */
export async function validationCandidates(input: StageInput): Promise<Candidate[]> {
  const { protocol } = input
  const own = { firstStage: protocol.firstStage, secondStage: protocol.secondStage }
  const listed: readonly Stages[] = protocol.validation?.candidates ?? [own, ...usualCandidates]
  const candidates: Candidate[] = []
  const known = new Set<string>()
  for (const stages of listed) {
    const { key, candidate } = await readCandidate(input, stages)
    if (!known.has(key)) candidates.push(candidate)
    known.add(key)
  }
  requireOwnNames(candidates)
  return candidates
}

async function readCandidate(
  input: StageInput,
  { name, firstStage, secondStage }: Stages,
): Promise<{ key: string; candidate: Candidate }> {
  const protocol = { ...input.protocol, firstStage, secondStage }
  const { model, method } = await lookUp({ ...input, protocol })
  requireMatchingStages(model, method, secondStage)
  const modelOptions = model.parseOptions(firstStage)
  const methodOptions = method.parseOptions(secondStage)
  const modelKey = canonicalJson([model.name, modelOptions])
  const candidate: Candidate = {
    name: name ?? `${stageName(firstStage, 'model')} × ${stageName(secondStage, 'method')}`,
    protocol,
    model,
    modelOptions,
    modelKey,
    plan: planFit(protocol.inference, model.approximation?.(modelOptions)),
    method,
    methodOptions,
  }
  return { key: canonicalJson([modelKey, method.name, methodOptions]), candidate }
}

/** `linear (regularised-horseshoe)`: the name and the options that were given. */
function stageName(stage: Readonly<Record<string, unknown>>, field: 'model' | 'method'): string {
  const options = Object.entries(stage).filter(([option]) => option !== field)
  const text = options.map(([option, value]) => (option === 'prior' ? priorName(value) : `${option} ${plainText(value)}`))
  return `${String(stage[field])}${text.length > 0 ? ` (${text.join(', ')})` : ''}`
}

function priorName(value: unknown): string {
  return typeof value === 'object' && value !== null && 'name' in value ? String(value.name) : plainText(value)
}

const plainText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

function requireOwnNames(candidates: readonly Candidate[]): void {
  const names = [CONSTANT_NAME, ...candidates.map(({ name }) => name)]
  const repeated = names.find((name, index) => names.indexOf(name) < index)
  if (repeated === undefined) return
  throw new ProtocolError({
    problem: `two candidates of the validation are called "${repeated}"`,
    reason:
      repeated === CONSTANT_NAME
        ? 'the constant-effect model is always among them under this name'
        : 'tables could not tell them apart',
    remedy: 'Give each of `validation.candidates` its own name.',
  })
}
