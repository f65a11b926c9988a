import { RecordList } from '@fupin/platform/ui/record-list.tsx'
import { Unknown } from '@fupin/platform/ui/state.tsx'
import { useNarrow } from '@fupin/platform/ui/width.ts'
import type { HouseholdFile } from '@fupin/whom/identification/identification.contract.ts'
import { usePreferences } from '../shell/preferences.ts'
import { useWords } from '../words/use-words.ts'

type Member = HouseholdFile['members'][number]

/** The members, one row each with the columns the survey has; a card per person where there is no room. */
export function Members({ members }: { members: Member[] }) {
  const { w, say } = useWords()
  const { elder } = usePreferences().preferences
  const cards = useNarrow() || elder
  const fields = [...new Map(members.flatMap((member) => member.facts.map((fact) => [fact.field, fact.label])))]
  const shown = (member: Member, field: string) => {
    const fact = member.facts.find((one) => one.field === field)
    if (!fact) return <Unknown word={w.unknown} />
    return fact.known ? (
      <span className={/\*{4}/.test(fact.shown.zh) ? 'code' : undefined}>{say(fact.shown)}</span>
    ) : (
      <Unknown word={say(fact.shown)} />
    )
  }
  return (
    <section className="panel" id="members">
      <h2>{w.file.members(members.length)}</h2>
      <RecordList
        label={w.file.members(members.length)}
        rows={members}
        id={(member) => String(member.no)}
        asCards={cards}
        card={(member) => (
          <>
            <div className="card-head">{w.file.member(member.no)}</div>
            <dl className="facts facts-small">
              {member.facts.map((fact) => (
                <div key={fact.field}>
                  <dt>{say(fact.label)}</dt>
                  <dd>{shown(member, fact.field)}</dd>
                </div>
              ))}
            </dl>
          </>
        )}
        columns={[
          { key: 'no', title: w.file.no, numeric: true, show: (member) => member.no },
          ...fields.map(([field, label]) => ({ key: field, title: say(label), show: (member: Member) => shown(member, field) })),
        ]}
      />
    </section>
  )
}
