import { referencePerson } from '../data/people.js'
import { UsageError } from '../errors/usage-error.js'
import { figurePage } from '../report/figure-page.js'
import { figureSvg } from '../report/figure-svg.js'
import { type PersonKind, personCaptions, personPanel } from '../report/person-figures.js'
import { standaloneSvg } from '../report/standalone-svg.js'
import type { FigureWriter } from './figure-writer.js'
import { readManifest } from './manifest.js'
import { personAsked } from './person-asked.js'
import type { PlotOptions } from './plot.js'
import { protocolOfRun } from './protocol-of-run.js'
import { loadEvidence } from './run-evidence.js'
import type { Terminal } from './terminal.js'

/** A figure of the effect of one profile of a run. */
export async function plotPerson(
  sources: readonly string[],
  options: Omit<PlotOptions, 'kind'> & { readonly kind: PersonKind },
  write: FigureWriter,
  terminal: Terminal,
): Promise<void> {
  const { kind, out, width, theme, json } = options
  const given = (['stage', 'study', 'sampler', 'unfinished', 'variables', 'prior'] as const).find(
    (name) => options[name] !== undefined,
  )
  if (given !== undefined || sources.length !== 1)
    throw new UsageError({
      problem: given === undefined ? `--kind ${kind} takes one run` : `--${given} does not go with --kind ${kind}`,
      remedy: 'Give the folder of one run, and --profile for somebody else than the reference patient.',
    })
  const [runPath] = sources
  const manifest = readManifest(runPath)
  const protocol = await protocolOfRun(runPath, manifest)
  const person = personAsked({ profile: options.profile ?? referencePerson(protocol).id }, protocol)
  const panel = personPanel(kind, (await loadEvidence(runPath, manifest, protocol, options.data))(person))
  write(
    () => figurePage(`${titles[kind]}: ${person.id}`, personCaptions[kind], [panel]),
    () => standaloneSvg(figureSvg(panel.draw(width)), theme),
  )
  terminal.data(json ? `${JSON.stringify({ out, kind, person: person.id })}\n` : `${out}\n`)
}

const titles: Readonly<Record<PersonKind, string>> = {
  forest: 'The effect across trials',
  weights: 'Which trials speak',
  'effect-dots': 'Equally likely values of the effect',
  'outcome-dots': 'Outcomes under each treatment',
}
