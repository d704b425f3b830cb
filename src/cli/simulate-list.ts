import { textTable } from '../report/text/text-table.js'
import { scenarioFamilies } from '../simulation/families.js'
import { authorsNames, methodGroups, studyMethods } from '../study/study-methods.js'
import type { Terminal } from './terminal.js'

/** `poolite simulate methods`: what can be asked for. */
export function listStudies({ json }: { readonly json?: boolean }, { data }: Terminal): void {
  const designs = scenarioFamilies.map(({ name, summary, scenarios }) => ({
    name,
    summary,
    scenarios: scenarios.map(({ id }) => id),
  }))
  const methods = studyMethods.map(({ name }) => name)
  const lines = methods.map((name) => (authorsNames[name] ? `${name}  (${authorsNames[name]})` : name))
  if (json) {
    data(`${JSON.stringify({ designs, methods, groups: methodGroups, authorsNames })}\n`)
    return
  }
  const rows = designs.map(({ name, summary, scenarios }) => [name, String(scenarios.length), summary])
  const groups = Object.entries(methodGroups).map(([name, members]) => [name, members.join(' ')])
  data(
    `${textTable(['design', 'scenarios', 'what'], rows)}\nMethods, those of the authors with their names:\n  ${lines.join('\n  ')}\n\n`,
  )
  data(
    textTable(
      ['group', 'methods'],
      groups.filter(([name]) => name !== 'all'),
    ),
  )
}
