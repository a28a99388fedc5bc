import type { ErrorCode } from 'yaml';

/** What the parser found, and where in the text. */
export interface ParserFinding {
  code: ErrorCode;
  message: string;
  pos: [number, number];
}

export const inQuotes = (character: string) => `a ${character} at the beginning has to stand in quotes`;
export const aliasMistake = inQuotes('*');
export const anchorMistake = inQuotes('&');
export const missingQuote = 'a quote is not closed';
export const missingDash = 'an item of a list has to begin with a dash and a blank';
export const missingColon = 'a key has to be followed by a colon and a space';

// What leaves the rest of the file as it is meant: other mistakes may make other keys and values of what follows.
const contained: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'BAD_ALIAS',
  'BAD_SCALAR_START',
  'BAD_DQ_ESCAPE',
  'DUPLICATE_KEY',
  'TAG_RESOLVE_FAILED',
]);

export const isContained = ({ code }: Pick<ParserFinding, 'code'>): boolean => contained.has(code);

type Description = string | ((finding: ParserFinding, text: string) => string);

const asTheParserSays: Description = ({ message }) => message;
const descriptions: Partial<Record<ErrorCode, Description>> = {
  ALIAS_PROPS: aliasMistake,
  BAD_ALIAS: aliasMistake,
  BAD_SCALAR_START: ({ pos }, text) => inQuotes(text.charAt(pos[0])),
  TAG_RESOLVE_FAILED: `Unresolved tag: ${inQuotes('!')}`,
  BLOCK_AS_IMPLICIT_KEY: nestedKey,
  BLOCK_IN_FLOW: 'a comma is missing, or a value with a colon in it has to stand in quotes',
  MULTILINE_IMPLICIT_KEY: 'a key has to be followed by a colon and a space on its own line',
  BAD_DQ_ESCAPE: 'a backslash in double quotes has to be written twice',
  NON_STRING_KEY: 'a key has to be a text',
  MULTIPLE_DOCS: 'Source contains multiple documents',
  TAB_AS_INDENT: asTheParserSays,
  DUPLICATE_KEY: asTheParserSays,
  UNEXPECTED_TOKEN: unexpected,
  MISSING_CHAR: missing,
  BAD_INDENT: ({ message }) =>
    /\bend with a [\]}]/.test(message)
      ? `a ${message.endsWith(']') ? '[' : '{'} is not closed`
      : 'the line is not indented as those beside it',
};

/**
 * What is wrong in the words of who wrote the file, and never with what stands in it: a file that was meant to be something
 * else may hold secrets, which the parser quotes.
 */
export function describeMistake(finding: ParserFinding, text: string): string {
  const description = descriptions[finding.code] ?? 'this is not how YAML is written';
  return typeof description === 'string' ? description : description(finding, text);
}

function nestedKey({ pos: [at] }: ParserFinding, text: string): string {
  const [line = ''] = text.slice(text.lastIndexOf('\n', at - 1) + 1).split('\n', 1);
  return /^[^"'[{#]*:\s[^"'[{#]*,\s*[A-Za-z_]\w*:\s/.test(line)
    ? 'several keys on one line have to stand in { }'
    : 'a value with a colon in it has to stand in quotes, or the line is indented too far';
}

function missing({ message }: ParserFinding): string {
  if (message.startsWith('Missing closing')) return missingQuote;
  if (message.includes('directives-end')) return inQuotes('%');
  return message.includes('Implicit map keys') ? missingColon : 'a comma or a colon is missing';
}

function unexpected({ message, pos: [at] }: ParserFinding, text: string): string {
  if (message.includes('Block scalar header')) return 'a | or > at the beginning has to stand in quotes';
  if (message.includes('block-seq-ind')) return 'a list has to begin on a line of its own';
  const character = text.charAt(at);
  if (character === ']' || character === '}') return `a ${character} is closed that was not opened`;
  if (character === ',') return 'nothing stands before a comma';
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at).trimEnd();
  if (/["']$/.test(line)) return 'something follows a closing quote: the whole value has to stand in quotes';
  if (/[\]}]$/.test(line))
    return 'something follows a closing bracket: the whole value has to stand in quotes';
  return 'this does not belong here';
}
