/** Brings a header to the form in which headers are compared: no blanks, no full-width letters, no case. */
export function headerForm(name: string): string {
  return name
    .normalize('NFKC')
    .replace(/\s+/g, '')
    .replace(/^['*]+|[*:]+$/g, '')
    .toLowerCase()
}

/** The unit that a header gives behind its name, （公顷） or (unit: ha), and the name without it. */
export function headerUnit(name: string, isUnit: (word: string) => boolean): { base: string; unit: string | null } {
  const match = /^(.*?)\s*[（([]\s*(?:(?:单位|unit)\s*[:：]\s*)?([^（()）[\]]{1,12})\s*[)）\]]\s*$/is.exec(name)
  return match?.[1] && isUnit(match[2]!.trim()) ? { base: match[1], unit: match[2]!.trim() } : { base: name, unit: null }
}

/**
 * The names by which a header of several parts (`住房/面积`, `group/field`, `group-field`) may be known, in the order of trust:
 * whole, without its separators, the last part, the other parts from behind. A list for each step.
 */
export function headerSteps(name: string): string[][] {
  const slashed = name.split('/')
  const parts = (slashed.length > 1 ? slashed : /^[\x21-\x7e]+$/.test(name) ? name.split('-') : [name])
    .map((p) => headerForm(p))
    .filter((p) => p !== '')
  const steps = [[headerForm(name)]]
  if (parts.length < 2) return steps
  steps.push([parts.join(''), parts.slice(-2).join('')])
  steps.push([parts.at(-1)!])
  for (const part of parts.slice(0, -1).reverse()) steps.push([part])
  return steps
}
