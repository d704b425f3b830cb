import { textTable } from '../report/text/text-table.js'
import { scenarioFamilies } from '../simulation/families.js'
import { methodGroups, studyMethods } from '../study/study-methods.js'
import type { Terminal } from './terminal.js'

/** `poolite simulate methods`: what can be asked for. */
export function listStudies({ json }: { readonly json?: boolean }, { data }: Terminal): void {
  const designs = scenarioFamilies.map(({ name, summary, scenarios }) => ({
    name,
    summary,
    scenarios: scenarios.map(({ id }) => id),
  }))
  const methods = studyMethods.map(({ name }) => name)
  if (json) {
    data(`${JSON.stringify({ designs, methods, groups: methodGroups })}\n`)
    return
  }
  const rows = designs.map(({ name, summary, scenarios }) => [name, String(scenarios.length), summary])
  const groups = Object.entries(methodGroups).map(([name, members]) => [name, members.join(' ')])
  data(`${textTable(['design', 'scenarios', 'what'], rows)}\nMethods:\n  ${methods.join('\n  ')}\n\n`)
  data(
    textTable(
      ['group', 'methods'],
      groups.filter(([name]) => name !== 'all'),
    ),
  )
}
