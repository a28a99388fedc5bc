import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areWritten } from './written-values.ts';

describe('[TASK-002] values that a model gives', () => {
  it.each<[Record<string, unknown>, string]>([
    [{ to: 'Ann@Example.org', subject: 'any', text: 'thing' }, 'tell ann@example.org, please'],
    [{ to: 'ann@example.org' }, 'tell <ann@example.org>.'],
    [{ to: 'ann@example.org' }, 'ann@example.org, I mean ANN@example.org'],
    [{ quantity: '0.5', asset: 'Bitcoin' }, 'I could do with .5 bitcoin!'],
    [{ quantity: '1000000', asset: 'dogecoin' }, '1,000,000 of dogecoin'],
    [{ quantity: '1000.5', asset: 'dogecoin' }, '1,000.5 of dogecoin'],
    [{ quantity: '2', asset: 'tiny' }, 'buy 2 units of the "tiny", please.'],
    [{ quantity: '2', asset: 'tiny' }, '2 tiny kaufen, bitte!'],
    [{ quantity: '1', asset: 'tiny' }, 'I could do with 1 of a tiny'],
    [{ to: "o'brien@example.org" }, "tell o'brien@example.org"],
    [{ quantity: 2, asset: 'ethereum classic' }, '2 ethereum classic'],
    [{ quantity: '3', asset: 'bitcoin' }, 'three bitcoin'],
    [{ topic: 'anything at all' }, 'whatever'],
    [{}, ''],
  ])('%j are those of %j', (input, prompt) => {
    expect(areWritten(input, prompt)).toBe(true);
  });

  it.each<[Record<string, unknown>, string]>([
    [{ to: 'bob@example.org' }, 'tell ann@example.org'],
    [{ to: 'ann@example.org' }, 'tell ann@example.org or bob@example.org'],
    [{ to: 'ann@example.org' }, 'tell ann@example.org.example.com'],
    [{ to: 'ann@example.org' }, 'tell joann@example.org'],
    [{ to: 'ann@example.org' }, 'tell ann at example.org'],
    [{ to: '' }, 'tell ann@example.org'],
    [{ to: null }, 'null'],
    [{ to: true }, 'true'],
    [{ to: { address: 'ann@example.org' } }, 'ann@example.org'],
    [{ quantity: '5', asset: 'bitcoin' }, '0.5 bitcoin'],
    [{ quantity: '2 ', asset: 'bitcoin' }, '0.2 bitcoin'],
    [{ quantity: '+2', asset: 'bitcoin' }, '+2 bitcoin'],
    [{ quantity: '2e5', asset: 'bitcoin' }, '2e5 bitcoin'],
    [{ quantity: '0x2', asset: 'bitcoin' }, '0x2 bitcoin'],
    [{ quantity: '٢', asset: 'bitcoin' }, '٢ bitcoin'],
    [{ quantity: '05', asset: 'bitcoin' }, '50 bitcoin'],
    [{ quantity: '2', asset: 'bitcoin' }, '2 or 3 bitcoin'],
    [{ quantity: '2', asset: 'bitcoin' }, '2nd bitcoin'],
    [{ quantity: '2', asset: 'bitcoin' }, '-2 bitcoin'],
    [{ quantity: '2', asset: 'bitcoin' }, '２ bitcoin'],
    [{ quantity: '2', asset: 'coin' }, '2 bitcoin'],
    [{ quantity: '2', asset: 'bit' }, '2 bitcoin'],
    [{ quantity: '2', asset: '' }, '2 bitcoin'],
    [{ quantity: '2', asset: 'bitcoin' }, '2 thousand bitcoin'],
    [{ quantity: '2', asset: 'bitcoin' }, 'I do not want 2 bitcoin'],
    [{ quantity: NaN, asset: 'bitcoin' }, '2 bitcoin'],
    [{ quantity: 2e21, asset: 'bitcoin' }, '2 bitcoin'],
    [{ quantity: '500', asset: 'tiny' }, '0,500 tiny'],
    [{ quantity: '0.5', asset: 'tiny' }, '0,500 tiny'],
    [{ quantity: '1', asset: 'tiny' }, '0,001 tiny'],
    [{ quantity: '1000', asset: 'tiny' }, '1,000 tiny'],
    [{ quantity: '1.5', asset: 'tiny' }, '1,500 tiny'],
    [{ quantity: '1000.50', asset: 'tiny' }, '1.000,50 tiny'],
    [{ quantity: '1000', asset: 'tiny' }, '1 000 tiny'],
    [{ quantity: '5', asset: 'tiny' }, ',5 tiny'],
    [{ quantity: '123456', asset: 'tiny' }, '0,123,456 tiny'],
    [{ quantity: '2', asset: 'tiny' }, 'I have 2 cats and a tiny dog'],
    [{ quantity: '2', asset: 'tiny' }, 'get me 2 cats and a tiny'],
    [{ quantity: '2', asset: 'tiny' }, 'get me 2 tiny screws'],
    [{ quantity: '2', asset: 'tiny' }, 'get me 2 tiny for at most ten dollars each'],
    [{ quantity: '2', asset: 'tiny' }, 'tiny, and 2 more'],
    [{ quantity: '2', asset: 'tiny' }, 'I need 2, tiny'],
    [{ to: 'ann@example.org' }, '"ann@example.org"@example.com'],
    [{ to: "ann'@example.org" }, "tell 'ann'@example.org"],
    [{ to: 'ann@example.org' }, 'tell ann@example.org or bob@localhost'],
    [{ to: 'ann@example.org' }, 'tell ann@example.org or bob＠example.org'],
    [{ anything: 'else' }, 'something'],
  ])('%j are not those of %j', (input, prompt) => {
    expect(areWritten(input, prompt)).toBe(false);
  });

  it('stand in the prompt, each as a word of its own', () => {
    const piece = fc.constantFrom(
      ...[
        'ann@example.org',
        'mallory@attacker.example',
        'ann',
        '@',
        'example.org',
        ' ',
        ', ',
        '.',
        '2',
        '20',
        '0.2',
      ],
      ...['$', '1,000', 'bitcoin', 'bitcoin-cash', 'doge', '\n', ' two ', ' and ', '<', '>', '"', 'x'],
    );
    const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));
    const input = fc.record({ to: text, quantity: text, asset: text }, { requiredKeys: [] });
    fc.assert(
      fc.property(input, text, (given, prompt) => {
        if (!areWritten(given, prompt)) return;
        for (const [name, value] of Object.entries(given)) {
          const asWord =
            name === 'quantity' && value.trim() === '2' ? /(?<![\d.])2(?![\d.]\d)|two/ : undefined;
          if (asWord !== undefined) expect(prompt).toMatch(asWord);
          else
            expect(prompt.replaceAll(',', '').toLowerCase()).toContain(
              value.trim().replaceAll(',', '').toLowerCase(),
            );
        }
      }),
      { numRuns: 5_000 },
    );
  });
});
