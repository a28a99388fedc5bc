import { redact } from '@actp/redaction/redact';

export type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';

export interface FormattedLine {
  level: Level;
  text: string;
  /** Something of it is left out. */
  cut?: true;
}

const levels: readonly Level[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];
const shownElsewhere = new Set(['time', 'level', 'app', 'msg', 'pid', 'hostname', 'v']);
// One event should fit on two lines of a terminal; the whole of it is in the app's log file.
const longestValue = 120;
const longestText = 400;

/**
 * Makes one line for people out of what an app printed: time, level, message and the facts of a pino line; any other
 * line as it is, redacted, since no logger has seen to it.
 */
export function formatLogLine(line: string): FormattedLine {
  const event = eventOf(line);
  if (event === undefined) return { level: 'info', text: redact(line) };
  const level = levels.find((known) => known === event['level']) ?? 'info';
  const time = typeof event['time'] === 'string' ? event['time'].slice(11, 23) : '';
  const facts = Object.entries(event)
    .filter(([name]) => !shownElsewhere.has(name))
    .map(([name, value]) => [name, show(value)] as const);
  const words = [
    time,
    level.padEnd(5),
    shorten(show(event['msg'] ?? ''), longestValue),
    ...facts.map(([name, value]) => `${name}=${shorten(value, longestValue)}`),
  ];
  const whole = words.filter((word) => word !== '').join(' ');
  const text = isLogEvent(line) ? whole : redact(whole);
  const cut = text.length > longestText || facts.some(([, value]) => value.length > longestValue);
  return { level, text: shorten(text, longestText), ...(cut && { cut }) };
}

/** Whether one of our loggers wrote it, which redacts what it writes. */
export function isLogEvent(line: string): boolean {
  const event = eventOf(line);
  return typeof event?.['level'] === 'string' && typeof event['time'] === 'string';
}

/** The fields of a line that is JSON. */
export function eventOf(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function show(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(messageInside(value));
  return oneLine(text ?? '');
}

// Of an error only its message is of interest here.
function messageInside(value: unknown): unknown {
  const isError = typeof value === 'object' && value !== null && 'stack' in value;
  return isError && 'message' in value ? value.message : value;
}

// Control characters could move the cursor or change colours.
const oneLine = (text: string) => text.replaceAll(/\p{Cc}+/gu, ' ');

function shorten(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}
