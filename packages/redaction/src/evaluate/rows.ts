/** A row of secrets.jsonl. */
export interface Row {
  id: string;
  text: string;
  /** What must not be in the redacted text; of no meaning when nothing is expected. */
  secret: string;
  kind: string;
  /** Whether there is a secret; otherwise the text must come back unchanged. */
  expect: boolean;
}

/** @throws Error naming the line that is not a row */
export function parseRows(text: string): Row[] {
  return text
    .split('\n')
    .map((line, index) => ({ line, index }))
    .filter(({ line }) => line.trim() !== '')
    .map(({ line, index }) => {
      const row: unknown = JSON.parse(line);
      if (!isRow(row))
        throw new Error(
          `line ${index + 1}: must have id, text, kind, expect, and secret when one is expected`,
        );
      return row;
    });
}

function isRow(value: unknown): value is Row {
  if (typeof value !== 'object' || value === null) return false;
  const { text, kind, expect, secret } = value as Record<string, unknown>;
  return (
    typeof text === 'string' &&
    typeof kind === 'string' &&
    typeof expect === 'boolean' &&
    (typeof secret === 'string' || !expect)
  );
}
