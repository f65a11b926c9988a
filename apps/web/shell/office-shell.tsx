import { switchLetters, useKeys } from '@fupin/platform/ui/keys.ts'
import { SidePanel } from '@fupin/platform/ui/side-panel.tsx'
import { useFolded, useNarrow } from '@fupin/platform/ui/width.ts'
import { Link, Outlet, useLocation, useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useFollowedRun, useRun } from '../wire/follow-run.ts'
import { useWords } from '../words/use-words.ts'
import { CountyOpening } from './county-opening.tsx'
import { KeyHelp } from './key-help.tsx'
import { Menu } from './menu.tsx'
import { usePreferences } from './preferences.ts'
import { SearchBox } from './search-box.tsx'
import { TopBar } from './top-bar.tsx'
import { noCounty, useArea } from './use-area.ts'

/** Bar, menu, the page, and the keys that work everywhere. */
export function OfficeShell() {
  useFollowedRun()
  const { w } = useWords()
  const { preferences } = usePreferences()
  const withMenu = !useFolded() && !preferences.elder
  const [menu, setMenu] = useState(false)
  const [help, setHelp] = useState(false)
  useEffect(() => switchLetters(preferences.lettersOff), [preferences.lettersOff])
  useGlobalKeys({ onHelp: () => setHelp(true), onMenuSearch: () => setMenu(true) })
  const main = useFocusOnNewPage()
  return (
    <div className="office">
      <a className="skip" href="#content">
        {w.skip}
      </a>
      <TopBar withMenu={withMenu} onMenu={() => setMenu(true)} onKeys={() => setHelp(true)} />
      <DemoStrip />
      <div className="office-body">
        {withMenu && <Menu />}
        <main id="content" tabIndex={-1} ref={main}>
          <Content />
        </main>
      </div>
      <BottomBar />
      <KeyHelp open={help} onClose={() => setHelp(false)} />
      <SidePanel open={menu} title={w.menu} closeWord={w.close} onClose={() => setMenu(false)}>
        <SearchBox onDone={() => setMenu(false)} />
        <Menu onChosen={() => setMenu(false)} />
      </SidePanel>
    </div>
  )
}

/** The page; for a county of a region, first how far its opening is. */
function Content() {
  const run = useRun()
  return run?.within && run.state !== 'done' ? <CountyOpening run={run} /> : <Outlet />
}

/** Everything made from generated people says so; and this edition has no sign-in yet. */
function DemoStrip() {
  const { w } = useWords()
  const run = useRun()
  return (
    <aside className="demo-strip" aria-label={w.basis.label}>
      {[run?.demo !== false && w.demo, w.local, w.noSignIn].filter(Boolean).join(' · ')}
    </aside>
  )
}

function BottomBar() {
  const { w } = useWords()
  const { preferences } = usePreferences()
  const narrow = useNarrow() || preferences.elder
  const { code } = useArea()
  const region = useRun()?.region
  if (!narrow) return null
  const active = { activeProps: { 'aria-current': 'page' as const }, activeOptions: { includeSearch: false } }
  if (region)
    return (
      <nav className="bottom-bar" aria-label={w.product}>
        <Link to="/" {...active} activeOptions={{ exact: true, includeSearch: false }}>
          {w.region.page}
        </Link>
        <Link to="/region/households" {...active}>
          {w.region.households}
        </Link>
        <Link to="/region/lines" {...active}>
          {w.region.lines}
        </Link>
        <Link to="/map" {...active}>
          {w.pages.map}
        </Link>
      </nav>
    )
  return (
    <nav className="bottom-bar" aria-label={w.product}>
      <Link to="/run" {...active}>
        {w.pages.run}
      </Link>
      <Link to="/households" {...active}>
        {w.pages.households}
      </Link>
      <Link to="/lines/$county" params={{ county: code || noCounty }} {...active}>
        {w.pages.lines}
      </Link>
      <Link to="/map" {...active}>
        {w.pages.map}
      </Link>
    </nav>
  )
}

function useGlobalKeys({ onHelp, onMenuSearch }: { onHelp: () => void; onMenuSearch: () => void }) {
  const navigate = useNavigate()
  const { code } = useArea()
  const region = useRun()?.region
  const toSearch = () => {
    if (!document.getElementById('search')) onMenuSearch()
    setTimeout(() => document.getElementById('search')?.focus())
  }
  useKeys({
    '/': toSearch,
    '?': onHelp,
    'g r': () => void navigate({ to: region ? '/region/households' : '/households' }),
    'g l': () =>
      void (region ? navigate({ to: '/region/lines' }) : navigate({ to: '/lines/$county', params: { county: code || noCounty } })),
    'g m': () => void navigate({ to: '/map' }),
  })
}

/** A new page is announced and reached at its top; filters that change the address leave the focus where it is. */
function useFocusOnNewPage() {
  const main = useRef<HTMLElement>(null)
  const path = useLocation({ select: (location) => location.pathname })
  const first = useRef(path)
  useEffect(() => {
    if (first.current === path) return
    first.current = path
    main.current?.focus({ preventScroll: true })
  }, [path])
  return main
}
