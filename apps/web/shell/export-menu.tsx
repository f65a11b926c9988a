import { PopMenu } from '@fupin/platform/ui/pop-menu.tsx'
import { base } from '../wire/office-base.ts'
import { useWords } from '../words/use-words.ts'

/** The run's files, as links: they are whole files of the run, whatever is filtered on the page. */
export function ExportMenu({ files, note }: { files: string[]; note?: string }) {
  const { w } = useWords()
  return (
    <PopMenu label={w.exports}>
      {note && <p className="note">{note}</p>}
      {files.map((file) => (
        <a key={file} href={`${base}/api/export/${file}`} download={file}>
          {file}
        </a>
      ))}
    </PopMenu>
  )
}
