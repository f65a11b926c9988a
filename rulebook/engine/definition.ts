/** Words for people, always in both languages. */
export interface Text {
  zh: string
  en: string
}

/** Where a number or sentence stands: a document of `sources.yaml`, a place in it, its wording. */
export interface Cite {
  doc: string
  at?: string
  quote?: string
}

/** How sure a definition is, strongest first (see `docs/formats.md`): official text, official form, news, code, inferred, recalled, our own default. */
export const confidences = ['OFF', 'FORM', 'NEWS', 'CODE', 'INF', 'REC', 'default'] as const
export type Confidence = (typeof confidences)[number]
