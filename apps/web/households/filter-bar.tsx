import { useNarrow } from '@fupin/platform/ui/width.ts'
import { useQuery } from '@tanstack/react-query'
import { Button, Checkbox, Input, InputNumber, Select } from 'antd'
import { useEffect, useId, useState } from 'react'
import type { ListSearch } from '../routes.tsx'
import { usePreferences } from '../shell/preferences.ts'
import { useArea } from '../shell/use-area.ts'
import { verdicts } from '../shell/verdict.tsx'
import { askLine, askMap } from '../wire/questions.ts'
import { useWords } from '../words/use-words.ts'
import { activeFilters } from './active-filters.ts'

interface Props {
  search: ListSearch
  change: (some: Partial<ListSearch>) => void
}

/** The filters; on a telephone they fold under their count. */
export function FilterBar({ search, change }: Props) {
  const { w, say } = useWords()
  const { elder } = usePreferences().preferences
  const narrow = useNarrow() || elder
  const area = useArea()
  const villages = useQuery(askMap('village', area.code)).data ?? []
  const classes = useQuery(askLine(area.code)).data?.classes ?? []
  const townships = [...new Map(villages.map((village) => [village.parent, village.parentName]))]
  const inTownship = villages.filter((village) => !search.township || village.parent === search.township)
  const fields = (
    <div className="filters">
      <TextFilter value={search.text} onDone={(text) => change({ text })} />
      <Select
        mode="multiple"
        maxTagCount={1}
        allowClear
        className="filter-wide"
        aria-label={w.list.verdict}
        placeholder={w.list.verdict}
        value={search.verdict?.split(',') ?? []}
        options={verdicts.map((verdict) => ({ value: verdict, label: w.verdict[verdict] }))}
        onChange={(chosen: string[]) => change({ verdict: chosen.join(',') || undefined })}
      />
      <span className="filter-scores">
        <ScoreFilter label={w.list.scoreFrom} value={search.scoreFrom} onDone={(scoreFrom) => change({ scoreFrom })} />
        <ScoreFilter label={w.list.scoreTo} value={search.scoreTo} onDone={(scoreTo) => change({ scoreTo })} />
      </span>
      <Choice
        label={w.list.township}
        value={search.township}
        options={townships}
        onDone={(township) => change({ township, village: undefined })}
      />
      <Choice
        label={w.list.village}
        value={search.village}
        options={inTownship.map((one) => [one.code, one.name])}
        onDone={(village) => change({ village })}
      />
      <Choice
        label={w.list.class}
        value={search.class}
        options={classes.map((one) => [one.id, say(one.title)])}
        onDone={(chosen) => change({ class: chosen })}
      />
      <Checkbox checked={search.band === 'true'} onChange={(event) => change({ band: event.target.checked ? 'true' : undefined })}>
        {w.list.band}
      </Checkbox>
      <Checkbox checked={search.gaps === 'true'} onChange={(event) => change({ gaps: event.target.checked ? 'true' : undefined })}>
        {w.list.gaps}
      </Checkbox>
      <Checkbox checked={search.leads === 'true'} onChange={(event) => change({ leads: event.target.checked ? 'true' : undefined })}>
        {w.list.leads}
      </Checkbox>
    </div>
  )
  if (!narrow) return fields
  const on = activeFilters(search, w, { villages, classes: [] }, say).length
  return (
    <details className="filter-sheet">
      <summary>{on ? w.list.filtersOn(on) : w.list.filters}</summary>
      {fields}
    </details>
  )
}

function Choice({
  label,
  value,
  options,
  onDone,
}: {
  label: string
  value: string | undefined
  options: [string, string][]
  onDone: (value: string | undefined) => void
}) {
  return (
    <Select
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      className="filter"
      aria-label={label}
      placeholder={label}
      value={value}
      options={options.map(([code, name]) => ({ value: code, label: name }))}
      onChange={(chosen?: string) => onDone(chosen)}
    />
  )
}

function TextFilter({ value, onDone }: { value: string | undefined; onDone: (value: string | undefined) => void }) {
  const { w } = useWords()
  const [text, setText] = useState(value ?? '')
  useEffect(() => setText(value ?? ''), [value])
  return (
    <Input
      id="list-text"
      className="filter-wide"
      allowClear
      aria-label={w.search}
      placeholder={w.search}
      value={text}
      onChange={(event) => {
        setText(event.target.value)
        if (event.target.value === '') onDone(undefined)
      }}
      onPressEnter={() => onDone(text.trim() || undefined)}
      onBlur={() => text.trim() !== (value ?? '') && onDone(text.trim() || undefined)}
    />
  )
}

function ScoreFilter({ label, value, onDone }: { label: string; value: string | undefined; onDone: (value: string | undefined) => void }) {
  const id = useId()
  const done = (typed: string) => typed.trim() !== (value ?? '') && onDone(/^-?\d+$/.test(typed.trim()) ? typed.trim() : undefined)
  return (
    <span className="filter-score">
      <label htmlFor={id}>{label}</label>
      <InputNumber
        key={value ?? ''}
        id={id}
        controls={false}
        precision={0}
        defaultValue={value}
        onBlur={(event) => done(event.target.value)}
        onPressEnter={(event) => done(event.currentTarget.value)}
      />
    </span>
  )
}

/** What is filtered, each to be taken off by itself. */
export function ActiveFilters({ search, change, clear }: Props & { clear: () => void }) {
  const { w, say } = useWords()
  const area = useArea()
  const villages = useQuery(askMap('village', area.code)).data ?? []
  const classes = useQuery(askLine(area.code)).data?.classes ?? []
  const on = activeFilters(search, w, { villages, classes }, say)
  if (!on.length) return null
  return (
    <div className="active-filters">
      {on.map((filter) => (
        <Button key={filter.label} size="small" aria-label={w.list.remove(filter.label)} onClick={() => change(filter.off)}>
          {filter.label} ✕
        </Button>
      ))}
      <Button size="small" type="link" onClick={clear}>
        {w.list.clear}
      </Button>
    </div>
  )
}
