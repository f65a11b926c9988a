import { useQuery } from '@tanstack/react-query'
import { Answer } from '../shell/answer.tsx'
import { askWhy } from '../wire/questions.ts'
import { WhyPanel } from './why-panel.tsx'

/** The reasons of one household, asked for when shown. */
export function WhyOf({ id }: { id: string }) {
  const answer = useQuery(askWhy(id))
  return <Answer of={answer}>{(why) => <WhyPanel why={why} />}</Answer>
}
