/** A fenced code block of a page. */
export interface CodeBlock {
  /** Where it is, as `docs/guard.md:45`. */
  place: string;
  page: string;
  /** The first word behind the fence; empty when there is none. */
  language: string;
  text: string;
  /** What the HTML comments directly above it say, in their order. */
  notes: string[];
}

const fence = /^(?<indent>\s*)(?<mark>`{3,}|~{3,})(?<info>[^`]*)$/;

/** Every fenced block of a page, also within lists. @throws when one is never closed */
export function codeBlocks(page: string, markdown: string): CodeBlock[] {
  const lines = markdown.split('\n');
  const blocks: CodeBlock[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const groups = fence.exec(lines[at] ?? '')?.groups;
    if (groups === undefined) continue;
    const { indent = '', mark = '', info = '' } = groups;
    const place = `${page}:${at + 1}`;
    const closing = new RegExp(String.raw`^\s*${mark[0]}{${mark.length},}\s*$`);
    const end = lines.findIndex((line, index) => index > at && closing.test(line));
    if (end === -1) throw new Error(`${place}: this code block is never closed`);
    const text = lines
      .slice(at + 1, end)
      .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line.trimStart()))
      .join('\n');
    const [language = ''] = info.trim().split(/\s+/);
    blocks.push({ place, page, language, text, notes: notesAbove(lines.slice(0, at).join('\n')) });
    at = end;
  }
  return blocks;
}

// The comments that stand between the block and the text above it.
function notesAbove(markdown: string): string[] {
  const notes: string[] = [];
  let rest = markdown.trimEnd();
  while (rest.endsWith('-->')) {
    const start = rest.lastIndexOf('<!--');
    if (start === -1) break;
    notes.unshift(rest.slice(start + 4, -3).trim());
    rest = rest.slice(0, start).trimEnd();
  }
  return notes;
}

/** The rest of the first note that begins with this word, for instance what follows `not run:`. */
export function noteOf({ notes }: CodeBlock, word: string): string | undefined {
  const note = notes.find((one) => one.startsWith(`${word}:`));
  return note?.slice(word.length + 1).trim();
}
