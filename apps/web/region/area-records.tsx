import type { Verdict } from '@fupin/whom/identification/identification.contract.ts'
import type { AreaFigures } from '@fupin/whom/run/web/region.contract.ts'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { address } from '../wire/ask.ts'
import { countyOffice } from '../wire/office-base.ts'

type Area = Pick<AreaFigures, 'level' | 'code'>

/** The county an area lies in; null above the county. Codes nest: 6, 9, 12 digits. */
export const countyOf = ({ level, code }: Area) => (level === 'region' || level === 'city' ? null : code.slice(0, 6))

/** The households of an area: above the county in the region's list, from the county down in the county's own register. */
export function AreaRecords({ area, verdict, band, children }: { area: Area; verdict?: Verdict; band?: boolean; children: ReactNode }) {
  const county = countyOf(area)
  if (county)
    return (
      <a
        href={countyOffice(
          county,
          `/households${address({
            county,
            township: area.level === 'township' ? area.code : area.level === 'village' ? area.code.slice(0, 9) : undefined,
            village: area.level === 'village' ? area.code : undefined,
            verdict,
            band: band ? 'true' : undefined,
          })}`,
        )}
      >
        {children}
      </a>
    )
  return (
    <Link to="/region/households" search={{ verdict, area: area.level === 'city' ? area.code : undefined }}>
      {children}
    </Link>
  )
}
