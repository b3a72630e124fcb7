/**
 * Texts of an owner, such as notices, as a page shows them: headings, paragraphs and lists of
 * Markdown, and nothing else of it. Whatever is not one of these is a paragraph.
 *
 *     ## Por onde       a heading, two levels below where it stands
 *     Texto.            a paragraph
 *     - um              a list
 */
import type { VNode } from 'preact';

interface ProseProps {
  readonly text: string;
  /** The level of a `#`. */
  readonly level: 3 | 4;
}

export function Prose({ text, level }: ProseProps): VNode {
  const blocks = text.split(/\n\s*\n/).map((block) => block.trim());
  return <>{blocks.filter((block) => block !== '').map((block) => blockOf(block, level))}</>;
}

function blockOf(block: string, level: ProseProps['level']): VNode {
  const [, marks, title] = /^(#{1,6})\s+(.+)$/.exec(block) ?? [];
  if (marks !== undefined && title !== undefined) {
    return level === 3 && marks.length === 1 ? <h3>{title}</h3> : <h4>{title}</h4>;
  }
  const lines = block.split('\n');
  if (lines.every((line) => /^[-*]\s/.test(line))) {
    return (
      <ul>
        {lines.map((line) => (
          <li>{line.replace(/^[-*]\s+/, '')}</li>
        ))}
      </ul>
    );
  }
  return <p>{lines.join(' ')}</p>;
}
