import { switchLetters, useKeys } from '@fupin/platform/ui/keys.ts'
import { SidePanel } from '@fupin/platform/ui/side-panel.tsx'
import { useFolded, useNarrow } from '@fupin/platform/ui/width.ts'
import { Link, Outlet, useLocation, useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useFollowedRun, useRun } from '../wire/follow-run.ts'
import { useWords } from '../words/use-words.ts'
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
          <Outlet />
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
  if (!narrow) return null
  const active = { activeProps: { 'aria-current': 'page' as const }, activeOptions: { includeSearch: false } }
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
  const toSearch = () => {
    if (!document.getElementById('search')) onMenuSearch()
    setTimeout(() => document.getElementById('search')?.focus())
  }
  useKeys({
    '/': toSearch,
    '?': onHelp,
    'g r': () => void navigate({ to: '/households' }),
    'g l': () => void navigate({ to: '/lines/$county', params: { county: code || noCounty } }),
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
