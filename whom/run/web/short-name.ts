import { readDivisions } from '@fupin/platform/regions/divisions.ts'

/** A village committee's name without what every one of them carries. */
export const shortName = (name: string): string => name.replace(/(村民|社区)?(村委会|居委会|委员会)$/u, '') || name

/** An area as people know it; its code where the divisions do not have it. */
export const placeName = (code: string): string => shortName(readDivisions().find(code)?.name ?? code)
