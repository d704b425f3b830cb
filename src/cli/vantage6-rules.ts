/** Rules of disclosure that a task asks for and that whoever runs the node asks for: of each, what is stricter. */
import { z } from 'zod'
import { UsageError } from '../errors/usage-error.js'
import type { DisclosureRules } from '../site/disclosure-rules.js'

type Wishes = { readonly [Name in keyof DisclosureRules]?: DisclosureRules[Name] | undefined }

interface TaskWishes {
  readonly least_count?: number | undefined
  readonly parameter_share?: number | undefined
  readonly most_levels?: number | undefined
  readonly release?: DisclosureRules['release'] | undefined
}

export const taskRules = ({ least_count, parameter_share, most_levels, release }: TaskWishes): Wishes => ({
  leastCount: least_count,
  parameterShare: parameter_share,
  mostLevels: most_levels,
  release,
})

const nodeSchema = z.object({
  leastCount: z.coerce.number().int().positive().optional(),
  parameterShare: z.coerce.number().positive().optional(),
  mostLevels: z.coerce.number().int().positive().optional(),
  release: z.enum(['profiles', 'model']).optional(),
})

/**
 * @param read a variable of the environment, decoded
 * @throws UsageError when one is there that cannot be used
 */
export function nodeRules(read: (name: string) => string | undefined): Wishes {
  const result = nodeSchema.safeParse({
    leastCount: read('POOLITE_LEAST_COUNT'),
    parameterShare: read('POOLITE_PARAMETER_SHARE'),
    mostLevels: read('POOLITE_MOST_LEVELS'),
    release: read('POOLITE_RELEASE'),
  })
  if (result.success) return result.data
  throw new UsageError({
    problem: `the disclosure rules of this node cannot be used: ${result.error.issues[0].path.join('.')}`,
    reason:
      'POOLITE_LEAST_COUNT and POOLITE_MOST_LEVELS are whole numbers, POOLITE_PARAMETER_SHARE is a number, POOLITE_RELEASE profiles or model',
    remedy: 'Correct the environment of the node.',
  })
}

export function strictest(...all: readonly Wishes[]): Partial<DisclosureRules> {
  const given = <Name extends keyof DisclosureRules>(name: Name) =>
    all.map((wishes) => wishes[name]).filter((value) => value !== undefined)
  const [leastCounts, shares, levels, releases] = [
    given('leastCount'),
    given('parameterShare'),
    given('mostLevels'),
    given('release'),
  ]
  return {
    ...(leastCounts.length > 0 && { leastCount: Math.max(...leastCounts) }),
    ...(shares.length > 0 && { parameterShare: Math.min(...shares) }),
    ...(levels.length > 0 && { mostLevels: Math.min(...levels) }),
    ...(releases.length > 0 && { release: releases.includes('profiles') ? 'profiles' : 'model' }),
  }
}
