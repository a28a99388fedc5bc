import { bareFault, doubleQuotedFault, withoutEscapes, valueFault } from './value-faults.ts';

/** Why a line of a `.env` cannot be used; never holds a value. */
interface EnvFault {
  line: number;
  /** Absent when the line is no assignment. */
  name?: string;
  rule: string;
}

/** Where the value of an assignment stands, with its quotes. */
interface ValuePlace {
  name: string;
  from: number;
  to: number;
}

export interface ScannedEnv {
  values: Record<string, string>;
  faults: EnvFault[];
  places: ValuePlace[];
}

const idle = /[ \t]*(?:#[^\n]*)?(?:\r?\n|\r?$)/y;
const head = /[ \t]*(export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)=/y;
const singleQuoted = /'([^']*)'/y;
const doubleQuoted = /"((?:[^"\\]|\\[^])*)"/y;
// A # begins a comment only behind a blank.
const bare = /(?:[^ \t\r\n#]|(?<![ \t])#)*/y;
const end = /(?:[ \t]+#[^\n]*|[ \t]*)(?:\r?\n|\r?$)/y;
const restOfLine = /[^\n]*(?:\n|$)/y;

// Shells keep these for themselves: an assignment fails, or something else is read.
const shellNames =
  /^(?:BASH\w*|COMP_WORDBREAKS|DIRSTACK|EPOCH\w+|E?UID|FUNCNAME|GROUPS|HISTCMD|IFS|LINENO|OPTIND|POSIXLY_CORRECT|PPID|S?RANDOM|SECONDS|SHELLOPTS|SHLVL|_)$/;

/**
 * Reads the text of a `.env` as POSIX shells do (`. ./.env`). What they would expand, run or read otherwise than it looks is a
 * fault, so that there is one meaning: a bare word, or one pair of quotes around the whole value.
 */
export function scanEnv(text: string): ScannedEnv {
  const values: Array<[string, string]> = [];
  const faults: EnvFault[] = [];
  const places: ValuePlace[] = [];
  let at = 0;
  const take = (pattern: RegExp) => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match !== null) at = pattern.lastIndex;
    return match;
  };

  while (at < text.length) {
    if (take(idle) !== null) continue;
    const line = lineOf(text, at);
    const [, exported, name] = take(head) ?? [];
    if (name === undefined) {
      faults.push({ line, rule: 'is neither a comment nor NAME=value without blanks around the =' });
      take(restOfLine);
      continue;
    }
    const refuse = (rule: string) => faults.push({ line, name, rule });
    if (shellNames.test(name)) refuse('is a name that shells keep for themselves');
    const begin = at;
    const quote = text[at];
    const value =
      quote === "'" || quote === '"' ? take(quote === "'" ? singleQuoted : doubleQuoted) : take(bare);
    if (value === null) {
      refuse('has a quote that is never closed');
      break;
    }
    const to = at;
    const closed = take(end) !== null;
    const keep = (read: string) => {
      values.push([name, read]);
      places.push({ name, from: begin, to });
    };
    if (quote === "'" || quote === '"') {
      const content = value[1] ?? '';
      const fault = closed
        ? ((quote === '"' ? doubleQuotedFault(content) : undefined) ?? valueFault(content))
        : 'has something behind the closing quote; put the whole value in one pair of quotes';
      if (fault !== undefined) refuse(fault);
      else keep(quote === '"' ? withoutEscapes(content) : content);
      if (!closed) take(restOfLine);
      continue;
    }
    if (!closed) take(restOfLine);
    const written = closed ? value[0] : text.slice(begin, at).replace(/\r?\n$/, '');
    const fault = bareFault(written, exported !== undefined);
    if (fault !== undefined) refuse(fault);
    else keep(written);
  }
  return { values: Object.fromEntries(values), faults, places };
}

function lineOf(text: string, position: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < position; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}
