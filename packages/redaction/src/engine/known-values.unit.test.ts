import { describe, expect, it } from 'vitest';
import { redact } from '../redact.ts';
import { createRedactor } from '../redact-stream.ts';
import { redactValue } from '../redact-value.ts';
import { createKnownValues } from './known-values.ts';

const secret = 'marten4k2q';

describe('a value that is a secret in one place', () => {
  it('[SEC-020] is taken out of all fields of a structure, in front of it and behind it', () => {
    const out = redactValue({
      before: `sent ${secret}`,
      list: [{ deep: [`${secret}!`] }],
      config: { password: secret },
      [`seen ${secret}`]: new Error(`with ${secret}`),
      url: `https://host/x?y=${secret}`,
    });
    expect(JSON.stringify(out)).not.toContain(secret);
    expect(JSON.stringify(out).match(/\[redacted:password:/g)?.length).toBeGreaterThan(5);
  });

  it('[SEC-020] is taken out of what comes later in a stream, however much lies between', () => {
    const redactor = createRedactor();
    let out = redactor.push(`password=${secret}\n`);
    for (let i = 0; i < 3_000; i += 1)
      out += redactor.push(`an ordinary line, the ${i}th of them, without anything\n`);
    out += redactor.push(`and then ${secret} without its name\n`) + redactor.end();
    expect(out).not.toContain(secret);
  });

  it('[SEC-020] is taken out on its line also in front of its name, when it comes in pieces', () => {
    const text = `got ${secret}; token = '${secret}'\n`;
    for (let cut = 0; cut < text.length; cut += 1) {
      const redactor = createRedactor();
      const out = redactor.push(text.slice(0, cut)) + redactor.push(text.slice(cut)) + redactor.end();
      expect(out).toBe(redact(text));
    }
  });

  it('is forgotten when the stream ends', () => {
    const redactor = createRedactor();
    redactor.push(`password=${secret}\n`);
    redactor.end();
    expect(redactor.push(`a ${secret}\n`)).toBe(`a ${secret}\n`);
  });

  it.each(['localhost', 'password', 'postgres', 'my-database', 'accessToken', 'short1', 'db.internal'])(
    'does not wipe the text when it is a word, or short: %s',
    (word) => {
      const rest = `connected to ${word} as ${word}`;
      expect(redact(`password="${word}"\n${rest}`)).toContain(rest);
    },
  );

  it('is not taken out of the middle of a word', () => {
    expect(redact('password=hunter2x9 and hunter2x9z, ahunter2x9')).toContain('hunter2x9z, ahunter2x9');
  });

  it('is remembered together with few or thousands of others', () => {
    for (const count of [1, 7, 3_000]) {
      const known = createKnownValues(10_000);
      for (let i = 0; i < count; i += 1) known.add(`value${i}q${i}x`.padEnd(12 + (i % 20), 'z9'), 'token');
      known.add(secret, 'password');
      const text = `${'lorem ipsum '.repeat(50)}${secret} and (${secret})`;
      expect(known.find(text, 0, text.length)).toHaveLength(2);
    }
  });

  it('forgets the oldest when there are too many', () => {
    const known = createKnownValues(10);
    for (let i = 0; i < 100; i += 1) known.add(`value${i}q${i}x9`, 'token');
    expect(known.find('value0q0x9', 0, 10)).toHaveLength(0);
    expect(known.find('value99q99x9', 0, 12)).toHaveLength(1);
  });
});
