/** Names that Windows keeps for devices, whatever the extension. */
const deviceName = /^(con|prn|aux|nul|com\d|lpt\d)$/i

/**
 * One file name (without extension) for each label, in order. A label is free text: its name holds only letters, digits, `_`, `-` and `.`,
 * never begins with a dot, so that it cannot leave its folder, and differs from all others and from `taken` even where case does not count.
 */
export function safeFileNames(labels: readonly string[], taken: readonly string[] = []): string[] {
  const used = new Set(taken.map((name) => name.toLowerCase()))
  return labels.map((label) => {
    const base = safeName(label)
    let name = base
    for (let suffix = 2; used.has(name.toLowerCase()); suffix++) name = `${base}-${suffix}`
    used.add(name.toLowerCase())
    return name
  })
}

function safeName(label: string): string {
  const plain = label
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9_.-]+/g, '_')
  const name = plain
    .replace(/^[._]+/, '')
    .slice(0, 60)
    .replace(/\.+$/, '')
  return name === '' || deviceName.test(name.split('.')[0]) ? `study_${name}` : name
}
