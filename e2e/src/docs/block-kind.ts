import { noteOf, type CodeBlock } from './code-blocks.ts';

export type BlockKind =
  | 'console'
  | 'shell'
  | 'typescript'
  | 'python'
  | 'yaml'
  | 'json'
  | 'diagram'
  | 'start'
  | 'not run';

const kinds: Readonly<Record<string, BlockKind>> = {
  sh: 'shell',
  bash: 'shell',
  shell: 'shell',
  ts: 'typescript',
  typescript: 'typescript',
  python: 'python',
  py: 'python',
  yaml: 'yaml',
  yml: 'yaml',
  json: 'json',
  mermaid: 'diagram',
};

/** What is done with a block: undefined when nobody has said, which is a fault of the page. */
export function blockKind(block: CodeBlock): BlockKind | undefined {
  const reason = noteOf(block, 'not run');
  if (reason !== undefined) return reason.length < minimalReason ? undefined : 'not run';
  if (noteOf(block, 'compared') === 'with the start of the test plane') return 'start';
  if (startsMore.test(block.text) && !['ts', 'yaml'].includes(block.language)) return undefined;
  if (['', 'console', 'sh', 'bash', 'shell'].includes(block.language) && /^\$ /m.test(block.text)) {
    return 'console';
  }
  return kinds[block.language];
}

// A plane, its tests, a benchmark: these start more than a page may. What is listed here looks at a running plane, or at a file.
const startsMore =
  /\bnpm (?:start|test|pack|install|run (?!policy\b|audit:verify\b|backup\b|restore\b|stores\b|doctor\b|approvals\b))/;

// Shorter ones are no reasons.
const minimalReason = 10;

export const howToMark =
  'Give the block a kind that is run (`$ command` with its output, sh, ts, python, yaml, json), or write why it is not, ' +
  'directly above it: <!-- not run: needs a Telegram bot -->';
