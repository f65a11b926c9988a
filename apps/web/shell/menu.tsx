import { Link } from '@tanstack/react-router'
import { useWords } from '../words/use-words.ts'
import { noCounty, useArea } from './use-area.ts'

/** The entries that exist; the groups are the mission's questions. */
export function Menu({ onChosen }: { onChosen?: () => void }) {
  const { w } = useWords()
  const { code } = useArea()
  const active = {
    activeProps: { 'aria-current': 'page' as const, className: 'chosen' },
    activeOptions: { includeSearch: false },
    onClick: onChosen,
  }
  return (
    <nav aria-label={w.menu} className="menu">
      <p className="menu-group">{w.groups.who}</p>
      <ul>
        <li>
          <Link to="/run" {...active}>
            {w.pages.run}
          </Link>
        </li>
        <li>
          <Link to="/lines/$county" params={{ county: code || noCounty }} {...active}>
            {w.pages.lines}
          </Link>
        </li>
        <li>
          <Link to="/households" {...active}>
            {w.pages.households}
          </Link>
        </li>
        <li>
          <Link to="/findings" {...active}>
            {w.pages.findings}
          </Link>
        </li>
      </ul>
      <p className="menu-group">{w.groups.insight}</p>
      <ul>
        <li>
          <Link to="/map" {...active}>
            {w.pages.map}
          </Link>
        </li>
      </ul>
    </nav>
  )
}
