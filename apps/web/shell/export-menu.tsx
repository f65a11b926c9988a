import { useWords } from '../words/use-words.ts'

/** The run's files, as links: they are whole files of the run, whatever is filtered on the page. */
export function ExportMenu({ files, note }: { files: string[]; note?: string }) {
  const { w } = useWords()
  return (
    <details className="export-menu">
      <summary>{w.exports}</summary>
      <div className="export-files">
        {note && <p className="note">{note}</p>}
        {files.map((file) => (
          <a key={file} href={`/api/export/${file}`} download={file}>
            {file}
          </a>
        ))}
      </div>
    </details>
  )
}
