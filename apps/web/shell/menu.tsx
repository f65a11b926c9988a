import { Link } from '@tanstack/react-router'
import { useRun } from '../wire/follow-run.ts'
import { useWords } from '../words/use-words.ts'
import { noCounty, useArea } from './use-area.ts'

type Active = {
  activeProps: { 'aria-current': 'page'; className: string }
  activeOptions: { includeSearch: boolean }
  onClick?: () => void
}

/** The entries that exist; the groups are the mission's questions. A region has its own; a county opened from it has both. */
export function Menu({ onChosen }: { onChosen?: () => void }) {
  const { w } = useWords()
  const run = useRun()
  const active: Active = {
    activeProps: { 'aria-current': 'page', className: 'chosen' },
    activeOptions: { includeSearch: false },
    onClick: onChosen,
  }
  return (
    <nav aria-label={w.menu} className="menu">
      {run?.region ? <RegionEntries active={active} /> : <RunEntries active={active} />}
      {run?.within && <WayUp />}
    </nav>
  )
}

function RegionEntries({ active }: { active: Active }) {
  const { w } = useWords()
  const compared = useRun()?.region?.compared
  return (
    <>
      <p className="menu-group">{w.groups.who}</p>
      <ul>
        <li>
          <Link to="/" {...active} activeOptions={{ exact: true, includeSearch: false }}>
            {w.region.page}
          </Link>
        </li>
        <li>
          <Link to="/region/lines" {...active}>
            {w.region.lines}
          </Link>
        </li>
        <li>
          <Link to="/region/scores" {...active}>
            {w.region.scores}
          </Link>
        </li>
        <li>
          <Link to="/region/households" {...active}>
            {w.region.households}
          </Link>
        </li>
        <li>
          <Link to="/run" {...active}>
            {w.pages.run}
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
        <li>
          <Link to="/region/made" {...active}>
            {w.region.made}
          </Link>
        </li>
        {compared && (
          <li>
            <Link to="/region/compare" {...active}>
              {w.compare.entry}
            </Link>
          </li>
        )}
      </ul>
    </>
  )
}

function RunEntries({ active }: { active: Active }) {
  const { w } = useWords()
  const { code } = useArea()
  return (
    <>
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
    </>
  )
}

/** From a county back to the pages of its region. */
function WayUp() {
  const { w } = useWords()
  const name = useRun()?.within?.name
  return (
    <>
      <p className="menu-group">{name}</p>
      <ul>
        {(
          [
            ['/', w.region.page],
            ['/region/lines', w.region.lines],
            ['/region/households', w.region.households],
            ['/region/made', w.region.made],
          ] as const
        ).map(([href, word]) => (
          <li key={href}>
            <a href={href}>{word}</a>
          </li>
        ))}
      </ul>
    </>
  )
}
