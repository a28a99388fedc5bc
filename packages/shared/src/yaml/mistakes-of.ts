import { isCollection, isNode, isScalar, visit, type Document, type ParsedNode } from 'yaml';
import { startOf } from './aliases.ts';
import {
  describeMistake,
  inQuotes,
  isContained,
  missingColon,
  missingQuote,
  type ParserFinding,
} from './yaml-mistake.ts';

/** A mistake in the form of a YAML text. */
export interface Mistake {
  /** Where in the text. */
  at: number;
  message: string;
  /** Whether the rest of the text is as it was meant. */
  contained: boolean;
  /** Where nodes begin that are wrong only because of it. */
  taints: number[];
  /** It is a key only because of a missing colon. */
  noKey?: true;
}

type Doc = Document.Parsed<ParsedNode>;

/** What is wrong with the form of a text that was parsed without throwing. */
export function mistakesOf(doc: Doc, text: string): Mistake[] {
  const findings: ParserFinding[] = [...doc.errors, ...doc.warnings];
  const starts = startsOf(doc);
  return [
    ...findings.map((finding) => {
      const opening = openingOf(starts, finding);
      const contained = isContained(finding);
      const isComment = opening !== undefined && valueIsComment.test(restOfLine(text, opening));
      return {
        at: opening ?? finding.pos[0],
        message: isComment ? inQuotes('#') : describeMistake(finding, text),
        contained,
        taints: contained ? scalarAt(starts, finding.pos[0]) : [],
      };
    }),
    ...keysWithoutColon(doc, text),
  ];
}

const valueIsComment = /[:,[{][\t ]+#/;
// Longer lines are not written by hand.
const restOfLine = (text: string, at: number) => text.slice(at, at + 500).split('\n', 1)[0] ?? '';

interface Starts {
  quotes: number[];
  brackets: number[];
  scalars: Array<{ start: number; end: number }>;
}

function startsOf(doc: Doc): Starts {
  const starts: Starts = { quotes: [], brackets: [], scalars: [] };
  visit(doc, {
    Node(_key, node) {
      const [start, end] = node.range ?? [0, 0];
      if (isScalar(node)) {
        starts.scalars.push({ start, end });
        if (node.type?.startsWith('QUOTE_') === true) starts.quotes.push(start);
      } else if (isCollection(node) && node.flow === true) starts.brackets.push(start);
    },
  });
  return starts;
}

// `{ action a.b }` and `{ action:a.b }` are YAML for a key with nothing behind it.
function keysWithoutColon(doc: Doc, text: string): Mistake[] {
  const found: Mistake[] = [];
  visit(doc, {
    Map(_key, map) {
      if (map.flow !== true) return;
      for (const { key, value } of map.items) {
        const isBare = isScalar(key) && typeof key.value === 'string' && /[\s:]/.test(key.value);
        if (!isBare || !isNode(key) || !key.range) continue;
        const isNothing = value === null || (isScalar(value) && value.source === '');
        if (!isNothing || text.slice(key.range[1]).trimStart().startsWith(':')) continue;
        const at = key.range[0];
        found.push({ at, message: missingColon, contained: true, taints: [startOf(map)], noKey: true });
      }
    },
  });
  return found;
}

// The value that holds a place, or begins behind it, as that of a tag does.
function scalarAt({ scalars }: Starts, at: number): number[] {
  const found = scalars.find(({ start, end }) => end > at || start >= at);
  return found ? [found.start] : [];
}

// Where the quote or bracket was opened that is not closed: the parser names the place where it gave up looking.
function openingOf({ quotes, brackets }: Starts, { message, pos: [at] }: ParserFinding): number | undefined {
  if (message.startsWith('Missing closing')) return quotes.findLast((start) => start < at);
  return /\bend with a [\]}]/.test(message) ? brackets.findLast((start) => start < at) : undefined;
}

/** The first mistake that leaves the meaning of a text in doubt, if any. Never throws. */
export function firstBreak(parse: () => Doc, text: string): { at: number; message: string } | undefined {
  try {
    const [first, ...others] = mistakesOf(parse(), text)
      .filter(({ contained }) => !contained)
      .toSorted((a, b) => a.at - b.at);
    // An open quote takes in the closing brackets behind it.
    const quote =
      first && others.find(({ at, message }) => message === missingQuote && isOneLine(text, first.at, at));
    if (quote || first?.message.endsWith(' is not closed') !== true) return quote ?? first;
    // Of brackets within each other, the inner one is the cause.
    return others.findLast(({ at, message }) => at > first.at && message.endsWith(' is not closed')) ?? first;
  } catch {
    // The parser gives up where brackets are nested deeper than its stack.
    return { at: 0, message: tooDeep };
  }
}

const isOneLine = (text: string, from: number, to: number) => !text.slice(from, to).includes('\n');

export const tooDeep = 'it is nested too deeply';
