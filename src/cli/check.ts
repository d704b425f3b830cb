import { checkTrials, type DataCheck, type TrialCheck } from '../data/check-trials.js'
import type { Fault } from '../data/fault.js'
import { protocolHash } from '../data/protocol-hash.js'
import { readAnalysedTrials } from '../data/unmeasured-covariates.js'
import { counted } from '../data/wording.js'
import { textTable } from '../report/text/text-table.js'
import { loadProtocol, loadTable } from './load-inputs.js'
import type { Terminal } from './terminal.js'

export interface CheckOptions {
  readonly protocol: string
  readonly json?: boolean
}

/** `poolite check`: faults and trials as a table, exit status 3 when there are errors. Shows counts, never a patient's values. */
export async function check(dataPath: string, options: CheckOptions, terminal: Terminal): Promise<void> {
  const { table, hash } = loadTable(dataPath)
  const { protocol: asked } = loadProtocol(options.protocol)
  const { reading, protocol } = readAnalysedTrials(table, asked)
  const result = checkTrials(reading, protocol)
  const errorCount = result.faults.filter((fault) => fault.severity === 'error').length
  terminal.exitStatus = errorCount > 0 ? 3 : 0
  if (options.json) {
    const provenance = {
      dataFile: dataPath,
      dataHash: hash,
      protocolFile: options.protocol,
      protocolHash: await protocolHash(asked),
    }
    terminal.data(`${JSON.stringify({ ...provenance, isAnalysable: errorCount === 0, ...result })}\n`)
  } else {
    terminal.data(checkText(dataPath, result))
    terminal.talk(`poolite: ${verdict(errorCount, result)}\n`)
  }
}

function verdict(errorCount: number, { faults, trials }: DataCheck): string {
  if (errorCount > 0) return `${counted(errorCount, 'error')}; correct them before \`poolite run\`.`
  const analysed = trials.filter((trial) => trial.isAnalysed).length
  return `${counted(analysed, 'trial')} can be analysed, ${counted(faults.length, 'warning')}.`
}

function checkText(dataPath: string, { faults, trials }: DataCheck): string {
  const header = ['trial', 'control', 'treated', 'complete control', 'complete treated', 'analysed', 'left out']
  return `${faults.map((fault) => faultText(dataPath, fault)).join('')}${faults.length > 0 ? '\n' : ''}${textTable(header, trials.map(trialCells))}`
}

function faultText(dataPath: string, { severity, row, column, message, remedy }: Fault): string {
  const place = [dataPath, row === undefined ? [] : `row ${row}`, column === undefined ? [] : `column "${column}"`]
    .flat()
    .join(', ')
  return `${severity}: ${place}: ${message}.\n  ${remedy}\n`
}

function trialCells({ study, patients, complete, isAnalysed, reasons }: TrialCheck): string[] {
  const counts = [patients.control, patients.treated, complete.control, complete.treated]
  return [study, ...counts.map(String), isAnalysed ? 'yes' : 'no', reasons.join('; ')]
}
