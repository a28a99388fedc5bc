import { afterEach, describe, expect, it } from 'vitest';
import { useOwnSecrets } from './own-secrets.ts';
import { redact } from './redact.ts';
import { createRedactor } from './redact-stream.ts';
import { redactValue } from './redact-value.ts';

const words = 'the quiet password of nobody';
afterEach(() => useOwnSecrets([]));

describe('[SEC-004] the secrets of the process itself', () => {
  it('are taken out wherever they stand, though they look like words', () => {
    expect(redact(`say ${words}, twice: ${words}`)).toContain(words);
    useOwnSecrets([words, 'short']);
    const clean = redact(`say ${words}, twice: ${words}; short`);
    expect(clean).toMatch(
      /^say \[redacted:plane-secret:[0-9a-f]{6}\], twice: \[redacted:plane-secret:[0-9a-f]{6}\]; short$/,
    );
    expect(redact(clean)).toBe(clean);
  });

  it('are taken out of structures', () => {
    useOwnSecrets([words]);
    expect(JSON.stringify(redactValue({ a: { note: `x ${words}` }, [`k ${words}`]: 1 }))).not.toContain(
      words,
    );
    expect(JSON.stringify(redactValue({ note: words }))).not.toContain(words);
  });

  it('are taken out of streams, wherever they are cut', () => {
    useOwnSecrets([words]);
    const text = `one ${words} two`;
    for (let at = 1; at < text.length; at += 1) {
      const redactor = createRedactor();
      const out = redactor.push(text.slice(0, at)) + redactor.push(text.slice(at)) + redactor.end();
      expect(out).toMatch(/^one \[redacted:plane-secret:[0-9a-f]{6}\] two$/);
    }
  });
});
