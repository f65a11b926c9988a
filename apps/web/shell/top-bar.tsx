import { useNarrow } from '@fupin/platform/ui/width.ts'
import { Link, useNavigate } from '@tanstack/react-router'
import { Button, Select } from 'antd'
import { useRun } from '../wire/follow-run.ts'
import { useWords } from '../words/use-words.ts'
import { usePreferences } from './preferences.ts'
import { SearchBox } from './search-box.tsx'
import { noCounty, useArea } from './use-area.ts'

/** Product, area, search, type size and language; the menu's button where there is no room for the menu. */
export function TopBar({ withMenu, onMenu, onKeys }: { withMenu: boolean; onMenu: () => void; onKeys: () => void }) {
  const { w, language } = useWords()
  const { preferences, prefer } = usePreferences()
  const narrow = useNarrow() || preferences.elder
  return (
    <header className="top-bar">
      {!withMenu && (
        <Button onClick={onMenu} aria-haspopup="dialog">
          {w.menu}
        </Button>
      )}
      <Product />
      <AreaChoice />
      {!narrow && <SearchBox />}
      <span className="stretch" />
      {!narrow && (
        <Button type="text" onClick={onKeys} aria-label={w.keysTitle}>
          ?
        </Button>
      )}
      <Button type="text" aria-pressed={preferences.elder} onClick={() => prefer({ elder: !preferences.elder })}>
        {w.elder}
      </Button>
      <Button
        type="text"
        lang={language === 'zh' ? 'en' : 'zh-CN'}
        title={w.otherLanguageName}
        onClick={() => prefer({ language: language === 'zh' ? 'en' : 'zh' })}
      >
        {w.otherLanguage}
      </Button>
    </header>
  )
}

/** The product's name leads to the first page; in a county of a region to the region's. */
function Product() {
  const { w } = useWords()
  const run = useRun()
  if (run?.within)
    return (
      <a href="/" className="product">
        {w.product}
      </a>
    )
  return (
    <Link to={run?.region ? '/' : '/run'} className="product">
      {w.product}
    </Link>
  )
}

function AreaChoice() {
  const { w } = useWords()
  const run = useRun()
  const { code, name, all } = useArea()
  const navigate = useNavigate()
  const region = run?.within ?? run?.region
  if (region)
    return (
      <Select
        aria-label={w.area}
        className="area-choice"
        value={run?.within ? code : ''}
        showSearch={{ optionFilterProp: 'label' }}
        options={[
          { value: '', label: region.name },
          ...(run?.within?.counties ?? all).map((county) => ({ value: county.code, label: county.name })),
        ]}
        onChange={(county) => location.assign(county ? `/?area=${county}` : '/')}
      />
    )
  if (all.length < 2) return <span className="area">{name}</span>
  return (
    <Select
      aria-label={w.area}
      className="area-choice"
      value={code}
      showSearch={{ optionFilterProp: 'label' }}
      options={[{ value: '', label: w.counties(all.length) }, ...all.map((county) => ({ value: county.code, label: county.name }))]}
      onChange={(county) =>
        location.pathname.startsWith('/lines')
          ? void navigate({ to: '/lines/$county', params: { county: county || noCounty } })
          : void navigate({ to: location.pathname.startsWith('/map') ? '/map' : '/households', search: { county: county || undefined } })
      }
    />
  )
}
