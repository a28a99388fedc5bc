import { describe, expect, it } from 'vitest';
import { dresses, secret } from './samples/grammar-samples.ts';
import { harmless } from './samples/harmless-samples.ts';
import { redact } from './redact.ts';
import { createRedactor } from './redact-stream.ts';

const each = (kinds: Readonly<Record<string, readonly string[]>>) =>
  Object.entries(kinds).flatMap(([kind, texts]) => texts.map((text) => [kind, text] as const));

function inTwo(text: string, cut: number): string {
  const redactor = createRedactor();
  return redactor.push(text.slice(0, cut)) + redactor.push(text.slice(cut)) + redactor.end();
}

describe('the grammar of names and values', () => {
  it.each(each(dresses))('[SEC-020] finds a secret in %s: %j', (_kind, text) => {
    const out = redact(text);
    expect(out).not.toContain(secret);
    expect(redact(out)).toBe(out);
  });

  it.each(each(harmless))('leaves %s alone: %j', (_kind, text) => {
    expect(redact(text)).toBe(text);
  });

  it.each(Object.keys(dresses))('[SEC-020] gives the same in pieces: %s', (kind) => {
    for (const text of dresses[kind] ?? []) {
      // What only a later line tells is another matter, see the test of streams.
      for (const whole of [text, `${text}\nnext line\n`]) {
        for (let cut = 0; cut <= whole.length; cut += 1) expect(inTwo(whole, cut)).toBe(redact(whole));
      }
    }
  });

  it.each(Object.keys(harmless))('leaves %s alone in pieces', (kind) => {
    for (const text of harmless[kind] ?? []) {
      for (let cut = 0; cut <= text.length; cut += 1) expect(inTwo(text, cut)).toBe(text);
    }
  });
});
