import { printJavaScript } from './print-javascript.js'
import type { PortableProgram } from './program.js'
import type { CallStep, Schedule } from './schedule.js'
import { webAssembly } from './webassembly/host.js'
import { printWebAssembly } from './webassembly/print-webassembly.js'

/** A schedule as a program for one of the two machines; apart from `program.ts`, so that a worker thread never loads the printers. */

export function portableWebAssembly(schedule: Schedule): PortableProgram {
  const { bytes, hostFunctions, callSteps, memorySize, constants } = printWebAssembly(schedule)
  const module = new webAssembly.Module(bytes)
  const calls = callSteps.map((index) => [index, schedule.steps[index] as CallStep] as const)
  return { engine: 'webassembly', module, hostFunctions, calls, ...layoutOf(schedule), memorySize, constants }
}

export function portableJavaScript(schedule: Schedule): PortableProgram {
  return { engine: 'javascript', source: printJavaScript(schedule), ...layoutOf(schedule) }
}

function layoutOf({
  memorySize,
  constants,
  inputOffsets,
  outputs,
}: Schedule): Pick<Schedule, 'memorySize' | 'constants' | 'inputOffsets' | 'outputs'> {
  return { memorySize, constants, inputOffsets, outputs }
}
