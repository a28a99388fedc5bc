import { longestLookBack, longestReach } from './engine/rule.ts';
import { createKnownValues } from './engine/known-values.ts';
import { finder, replaceSecrets, withKnown } from './redact.ts';
import type { Secret } from './engine/rule.ts';
import { holdbackFrom } from './holdback.ts';

export interface Redactor {
  /** Takes the next piece, and gives back what can be let out: whole lines, as a rule. */
  push(chunk: string): string;
  /** The rest. The redactor can be used again. */
  end(): string;
}

// A line without an end is let out this far behind what has come; then whatever a finding depends on has been seen, twice.
const longestHeld = 2 * longestReach;
// Findings that overlap one another for longer than that are cut.
const mostHeld = 2 * longestHeld;
// Values that were found, for what comes later.
const mostKnown = 500;

/**
 * Redacts text that comes in pieces. However it is cut, what comes out is what `redact` makes of the whole, and no part of
 * a secret before the rest of it; but a value that only a later line tells to be a secret may have been let out before.
 * Holds back an unfinished line, and what may go on in the next one (a private key, a
 * manifest, a name without its value); never more than 160 000 characters and a piece.
 */
export function createRedactor(): Redactor {
  // What was let out already, as far as it matters to what follows, and then what was not.
  let text = '';
  let done = 0;
  let known = createKnownValues(mostKnown);

  // What is open at the end of the text waits for its rest, unless that would be too much.
  const closedBefore = (cut: number): number => {
    finder.find(text, done, cut);
    const open = finder.openFrom();
    if (open >= cut || text.length - open > longestReach) return cut;
    return Math.max(done, text.lastIndexOf('\n', open) + 1);
  };
  const find = (to: number): readonly Secret[] => {
    const secrets = finder.find(text, done, to) ?? [];
    known.learn(
      text,
      secrets.filter(({ end }) => end <= to),
    );
    return withKnown(text, secrets, known, done, to);
  };

  const letOut = (until: number, last: boolean): string => {
    let cut = last ? until : closedBefore(until);
    if (cut <= done && !last) return '';
    let secrets = find(cut);
    // A finding that goes beyond the cut moves it; what begins within that finding belongs to it.
    for (let end = endOf(secrets); end > cut; end = endOf(secrets)) {
      cut = end;
      if (cut > text.length - longestReach && text.length - done < mostHeld && !last) return '';
      secrets = find(cut);
    }
    const out = replaceSecrets(text, secrets, done, cut);
    const kept = Math.max(0, cut - longestLookBack);
    text = text.slice(kept);
    done = cut - kept;
    return out;
  };

  return {
    push(chunk) {
      text += chunk;
      const settled = text.length - longestHeld;
      if (!chunk.includes('\n') && settled <= done) return '';
      const line = text.lastIndexOf('\n') + 1;
      const cut = Math.max(line > done ? holdbackFrom(text, done, line) : done, settled);
      return cut > done ? letOut(cut, false) : '';
    },
    end() {
      const out = letOut(text.length, true);
      text = '';
      done = 0;
      known = createKnownValues(mostKnown);
      return out;
    },
  };
}

const endOf = (secrets: ReadonlyArray<{ end: number }>) => secrets.at(-1)?.end ?? 0;

/** The same for streams of text. */
export function redactingStream(): TransformStream<string, string> {
  const redactor = createRedactor();
  const give = (out: string, controller: TransformStreamDefaultController<string>) => {
    if (out !== '') controller.enqueue(out);
  };
  return new TransformStream({
    transform: (chunk, controller) => give(redactor.push(chunk), controller),
    flush: (controller) => give(redactor.end(), controller),
  });
}
