import type { Row } from './rows.ts';

export interface Score {
  kind: string;
  secrets: number;
  redacted: number;
  lookalikes: number;
  changed: number;
}

/** Counts for each kind what was redacted of the secrets, and what was changed of the texts that hold none. */
export function scoreRows(rows: readonly Row[], redact: (text: string) => string): Score[] {
  const scores = new Map<string, Score>();
  for (const { kind, text, secret, expect } of rows) {
    const score = scores.get(kind) ?? { kind, secrets: 0, redacted: 0, lookalikes: 0, changed: 0 };
    scores.set(kind, score);
    const out = redact(text);
    if (expect) {
      score.secrets += 1;
      if (!out.includes(secret)) score.redacted += 1;
    } else {
      score.lookalikes += 1;
      if (out !== text) score.changed += 1;
    }
  }
  return [...scores.values()].sort((a, b) => a.kind.localeCompare(b.kind));
}

/** The scores as lines to print, with their sum at the end. */
export function scoreTable(scores: readonly Score[]): string[] {
  const sum = (field: 'secrets' | 'redacted' | 'lookalikes' | 'changed') =>
    scores.reduce((total, score) => total + score[field], 0);
  const total = {
    kind: 'total',
    secrets: sum('secrets'),
    redacted: sum('redacted'),
    lookalikes: sum('lookalikes'),
    changed: sum('changed'),
  };
  const width = Math.max(...scores.map(({ kind }) => kind.length), total.kind.length);
  const line = ({ kind, secrets, redacted, lookalikes, changed }: Score) =>
    `${kind.padEnd(width)}  ${cell(redacted, secrets)}  ${cell(changed, lookalikes)}`;
  const head = `${'kind'.padEnd(width)}  ${'redacted'.padEnd(17)}  falsely redacted`;
  return [head, ...scores.map(line), line(total)].map((text) => text.trimEnd());
}

const cell = (part: number, whole: number) =>
  (whole === 0 ? '-' : `${part} of ${whole} (${((100 * part) / whole).toFixed(1)} %)`).padEnd(17);
