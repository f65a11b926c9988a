import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { ListSearch } from '../routes.tsx'
import { address } from '../wire/ask.ts'
import { useRun } from '../wire/follow-run.ts'
import { countyOffice } from '../wire/office-base.ts'

interface Props {
  search: ListSearch
  className?: string
  children: ReactNode
}

/** To the households behind a number: this run's register; in a region that of the county, or the list of the region where it is of several. */
export function ListLink({ search, className, children }: Props) {
  const region = useRun()?.region
  const { county, verdict } = search
  if (region && county)
    return (
      <a href={countyOffice(county, `/households${address({ ...search })}`)} className={className}>
        {children}
      </a>
    )
  if (region)
    return (
      <Link to="/region/households" search={{ verdict }} className={className}>
        {children}
      </Link>
    )
  return (
    <Link to="/households" search={search} className={className}>
      {children}
    </Link>
  )
}
