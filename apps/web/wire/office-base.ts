/** `/county/450621` where this office is that of a county opened from a region; empty in every other. */
export const base = /^\/county\/\d{6}(?=\/|$)/.exec(location.pathname)?.[0] ?? ''

/** The address of a county's own office, opened from its region. */
export const countyOffice = (county: string, path = '') => `/county/${county}${path}`
