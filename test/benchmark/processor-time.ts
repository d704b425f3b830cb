/** Processor seconds of this process so far, all its threads, user and system. */
export function processorSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) * 1e-6
}
