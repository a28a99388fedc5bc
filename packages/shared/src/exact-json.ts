import { isExactNumber } from './exact-number.ts';

/** A number as it is written. A reader's own numbers are shorter, and what a person sees must not be rounded. */
export class ExactNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type ExactJson =
  | null
  | boolean
  | string
  | ExactNumber
  | readonly ExactJson[]
  | { readonly [key: string]: ExactJson };

/** Reads JSON and keeps its numbers as they are written. */
export function parseExactly(text: string): ExactJson {
  const keep = (_key: string, value: unknown, context: { source?: string }) =>
    typeof value === 'number' ? new ExactNumber(context.source ?? String(value)) : value;
  // The third argument is there since Node 21; the library's types do not have it yet.
  const reviver = keep as (key: string, value: unknown) => unknown;
  // Numbers became objects of ours; everything else is what JSON has.
  return JSON.parse(text, reviver) as ExactJson;
}

/** Whether a double holds the value that is written: only that can be bound by a digest. */
export const isKept = ({ text }: ExactNumber): boolean => isExactNumber(text);
