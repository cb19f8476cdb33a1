/**
 * The Markdown that stems and articles may use: paragraphs, lists, bold. Everything else is shown as it was written.
 */
import { Fragment, type ReactNode } from 'react'

function inline(text: string): ReactNode {
  return text
    .split(/(\*\*[^*]+\*\*)/)
    .map((part, index) =>
      part.startsWith('**') && part.endsWith('**') && part.length > 4 ? (
        <strong key={index}>{part.slice(2, -2)}</strong>
      ) : (
        part
      ),
    )
}

const lines = (block: string): ReactNode =>
  block.split('\n').map((line, index) => (
    <Fragment key={index}>
      {index > 0 ? <br /> : null}
      {inline(line)}
    </Fragment>
  ))

export function RichText({ text, className }: { text: string; className?: string }) {
  const blocks = text.trim().split(/\n\s*\n/)
  return (
    <div className={className}>
      {blocks.map((block, index) => {
        const rows = block.split('\n')
        if (rows.every((row) => /^\s*[-*] /.test(row))) {
          return (
            <ul key={index}>
              {rows.map((row, i) => (
                <li key={i}>{inline(row.replace(/^\s*[-*] /, ''))}</li>
              ))}
            </ul>
          )
        }
        if (rows.every((row) => /^\s*\d+[.)] /.test(row))) {
          return (
            <ol key={index}>
              {rows.map((row, i) => (
                <li key={i}>{inline(row.replace(/^\s*\d+[.)] /, ''))}</li>
              ))}
            </ol>
          )
        }
        return <p key={index}>{lines(block)}</p>
      })}
    </div>
  )
}
