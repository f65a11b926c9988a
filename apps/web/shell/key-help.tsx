import { SidePanel } from '@fupin/platform/ui/side-panel.tsx'
import { Checkbox } from 'antd'
import { useWords } from '../words/use-words.ts'
import { usePreferences } from './preferences.ts'

/** What `?` shows, with the switch for those whom single letters disturb. */
export function KeyHelp({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { w } = useWords()
  const { preferences, prefer } = usePreferences()
  return (
    <SidePanel open={open} title={w.keysTitle} closeWord={w.close} onClose={onClose}>
      <dl className="facts">
        {w.keys.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <Checkbox checked={preferences.lettersOff} onChange={(event) => prefer({ lettersOff: event.target.checked })}>
        {w.keysOff}
      </Checkbox>
    </SidePanel>
  )
}
