import { visibleText } from '@actp/shared/visible-text';

/** A message for operators, which a plane without Telegram writes into its log. */
export interface Alert {
  /** For a file: when, what kind, and all of it. */
  whole: string;
  /** For a terminal: its first lines. */
  lines: string[];
  /** Whether the lines are not all of it. */
  cut: boolean;
}

const mostLines = 10;
const longestLine = 200;

/** The alert that a log event is; undefined for any other. */
export function alertOf({ msg, body, kind, time }: Record<string, unknown>): Alert | undefined {
  if (msg !== 'alert' || typeof body !== 'string') return undefined;
  const all = visibleText(body).split('\n');
  const said = all.filter((line) => line.trim() !== '');
  const lines = said.slice(0, mostLines).map((line) => line.slice(0, longestLine).toWellFormed());
  return {
    whole: [`${text(time)} ${text(kind)}`, ...all, ''].join('\n'),
    lines,
    cut: said.length > mostLines || all.some((line) => line.length > longestLine),
  };
}

const text = (value: unknown) => (typeof value === 'string' ? visibleText(value) : '');
