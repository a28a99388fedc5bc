import { growsLinearly } from '@actp/testing/growth';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agents } from './agents.fixture.ts';
import { readSentence } from './sentences.ts';

const read = (prompt: string) => readSentence(prompt, agents);

describe('reading', () => {
  const pieces = fc.constantFrom(
    ...[
      'buy ',
      'send an email to ',
      'ann@example.org',
      ' with subject ',
      ' and say ',
      'research ',
      ' and ',
      '"',
      "'",
    ],
    ...[
      '2',
      '.5',
      ',',
      '.',
      ' ',
      '\n',
      '?',
      'bitcoin',
      'please ',
      '“',
      '”',
      'subject: ',
      'body: ',
      'don’t ',
      '$',
      '@',
    ],
  );
  const sentence = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(pieces, { maxLength: 40 }).map((all) => all.join('')),
  );

  it('never throws, and gives nothing that the person did not write', () => {
    fc.assert(
      fc.property(sentence, (prompt) => {
        const reading = read(prompt);
        if (!('agent' in reading)) return;
        const { input } = reading;
        for (const name of ['to', 'asset', 'subject', 'text', 'topic']) {
          const value = input[name];
          if (value === undefined) continue;
          for (const word of value.split(/\s+/)) expect(prompt).toContain(word);
          expect(value.trim()).not.toBe('');
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['spaces', ' '],
    ['new lines', '\n'],
    ['quotation marks', '"'],
    ['apostrophes', "'"],
    ['and say', ' and say'],
    ['with subject', ' with subject x'],
    ['please', 'please '],
    ['digits', '1'],
    ['groups of digits', '1,000,'],
    ['addresses', 'a@b.c,'],
    ['at signs', '@'],
    ['full stops', '.'],
    ['and', 'and '],
    ['then and', '. and then '],
  ])('takes time in proportion to its length: %s', (_, piece) => {
    const starts = [
      '',
      'research ',
      'buy 2 ',
      'send an email to a@b.cc saying ',
      'email a@b.cc with subject ',
    ];
    for (const start of starts) {
      const linear = growsLinearly((length) => {
        const prompt = `${start}${piece.repeat(Math.ceil(length / piece.length))}x`;
        return () => read(prompt);
      }, 1_000);
      expect(linear, start).toBe(true);
    }
  });
});
