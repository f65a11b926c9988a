import type { ReactNode } from 'react'
import { Basis } from './basis.tsx'
import { RegionTrail } from './region-trail.tsx'
import { useTitle } from './use-title.ts'

/** Title, deeds at the right (print and export there, one main button), and the basis of all numbers below. */
export function PageHead({ title, deeds, more, above }: { title: string; deeds?: ReactNode; more?: string; above?: ReactNode }) {
  useTitle(title)
  return (
    <div className="page-head">
      <RegionTrail />
      {above}
      <div className="page-title">
        <h1>{title}</h1>
        <div className="deeds">{deeds}</div>
      </div>
      <Basis more={more} />
    </div>
  )
}
