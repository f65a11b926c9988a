import { useNavigate } from '@tanstack/react-router'
import { Input } from 'antd'
import { useRun } from '../wire/follow-run.ts'
import { useWords } from '../words/use-words.ts'

/** One box for a name or a household number; Enter shows the households found. */
export function SearchBox({ onDone }: { onDone?: () => void }) {
  const { w } = useWords()
  const navigate = useNavigate()
  const region = useRun()?.region
  return (
    <search className="search-box">
      <Input.Search
        id="search"
        aria-label={w.searchWord}
        placeholder={`${w.search}  /`}
        enterButton={w.searchWord}
        allowClear
        onSearch={(text) => {
          if (!text.trim()) return
          void navigate({ to: region ? '/region/households' : '/households', search: { text: text.trim() } })
          onDone?.()
        }}
      />
    </search>
  )
}
