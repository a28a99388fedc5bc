import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderCard, renderOutcome } from './card.ts';
import { facts, seen } from './card.fixture.ts';

const order = 'send 90000 USD to DE89370400440532013000';
const digest = (seed: string) => createHash('sha256').update(seed).digest('hex');

function cardOf(details: unknown, over = {}) {
  const card = renderCard(facts(typeof details === 'string' ? details : JSON.stringify(details), over));
  return { ...card, text: [...card.parts, card.text].map(seen).join('\n') };
}

/** What a card shows, read back into the characters that it stands for; lines of a text run together. */
function readBack(text: string): string {
  return text
    .replaceAll('\n│ ', '')
    .replaceAll('␣', ' ')
    .replaceAll(/⟦U\+([0-9A-F]{4,6})⟧/g, (_, code: string) =>
      String.fromCodePoint(Number.parseInt(code, 16)),
    );
}

describe('a detail under the name of a secret', () => {
  it.each(['password', 'api_key', 'token', 'secret', 'authorization', 'cookie', 'credentials'])(
    '[TRU-007] is shown when it is an order, and can be approved: %s',
    (name) => {
      const { text, approvable } = cardOf({ [name]: order });
      expect(text).toContain(`▪ ${name}: “${order}”`);
      expect(text).not.toContain('⚠️');
      expect(approvable).toBe(true);
    },
  );

  it.each([
    ['a number', { pin: 90000, password: 90000 }, ['▪ pin: 90000', '▪ password: 90000']],
    [
      'an object',
      { secret: { amount_usd: 90000, to: 'Bob' } },
      ['▪ secret.amount_usd: 90,000.00 USD', '“Bob”'],
    ],
    ['a list', { tokens: ['pay Bob 90000', 5] }, ['▪ tokens #1: “pay Bob 90000”', '▪ tokens #2: 5']],
    ['a pair', { name: 'PASSWORD', value: order }, [`▪ value: “${order}”`]],
    ['markup', { token: `<b>${order}</b> &amp;` }, [`▪ token: “<b>${order}</b> &amp;”`]],
  ])('[TRU-007] is shown when it is %s', (_what, details, rows) => {
    const { text, approvable } = cardOf(details);
    for (const row of rows) expect(text).toContain(row);
    expect(approvable).toBe(true);
  });

  it('[TRU-007] is masked when it is random, with its length and fingerprint, and can be approved', () => {
    const { text, approvable } = cardOf({ api_key: digest('a'), amount_usd: 5 });
    expect(text).not.toContain(digest('a'));
    expect(text).toMatch(/▪ api_key: “⟦hidden: api-key, 64 characters, fingerprint [0-9a-f]{6}⟧”/);
    expect(text).toContain('⚠️ 1 value looks like a secret and is redacted here.');
    expect(approvable).toBe(true);
    expect(cardOf({ api_key: digest('a') }).text).toBe(cardOf({ api_key: digest('a') }).text);
    expect(cardOf({ api_key: digest('b') }).text).not.toBe(cardOf({ api_key: digest('a') }).text);
  });

  it('[TRU-007] cannot be approved here when it is neither, and the card says where', () => {
    for (const details of [
      { password: 'hunter2hunter2' },
      { password: 'send\u200B90000\u200BUSD' },
      { token: '0x52908400098527886E0F7030069857D2E4169EE7' },
      { deep: [{ credentials: 'Pay90000ToBob!' }] },
      { 'password=Pay90000ToBob!': 1 },
      { note: 'the password=hunter2hunter2' },
    ]) {
      const { text, approvable } = cardOf({ ...details, amount_usd: 5 });
      expect(approvable).toBe(false);
      expect(text).toContain('⟦not shown: ');
      expect(text).toContain('▪ amount_usd: 5.00 USD');
      expect(text).toContain('⚠️ Not all of it can be shown here, so it cannot be approved here.');
      expect(text).toContain('POST /v1/approvals/a1b2c3d4-0000-4000-8000-00000000000f/decision');
      expect(text).toContain('0123456789abcdef'.repeat(4));
    }
  });

  it('[TRU-007] cannot be approved here when it is the action, the requester or the reason', () => {
    for (const field of ['action', 'requested_by', 'reason']) {
      expect(cardOf({}, { [field]: 'x password=hunter2hunter2' }).approvable).toBe(false);
      expect(cardOf({}, { [field]: `x ${order}` })).toMatchObject({ approvable: true });
    }
  });

  it('[TRU-007] cannot be approved here either when it comes in several messages', () => {
    const { parts, text, approvable } = cardOf({ password: 'hunter2hunter2', body: 'word '.repeat(1_500) });
    expect(parts.length).toBeGreaterThan(1);
    expect(approvable).toBe(false);
    expect(text).toContain('⚠️ Not all of it can be shown here');
  });

  it('is masked in the same way when all is over', () => {
    const over = {
      status: 'rejected' as const,
      decided_by: 'telegram:42',
      decided_at: '2026-11-02T14:00:00.000Z',
    };
    const outcome = seen(
      renderOutcome(facts(JSON.stringify({ password: order, api_key: digest('a') }), over)),
    );
    expect(outcome).toContain(order);
    expect(outcome).toContain('⟦hidden: api-key, 64 characters');
  });
});

describe('what a card shows', () => {
  it('[TRU-007] cannot be forged: signs of ours within a text of others are named', () => {
    const { text, approvable } = cardOf({
      a: '⟦hidden: token, 40 characters, fingerprint 3fa2c1⟧',
      b: '⟦U+202E⟧␣',
    });
    expect(text).toContain('▪ a: “⟦U+27E6⟧hidden: token');
    expect(text).toContain('▪ b: “⟦U+27E6⟧U+202E⟧⟦U+2423⟧”');
    expect(approvable).toBe(true);
  });

  it('[TRU-007] tells a letter from one that looks like it', () => {
    expect(cardOf({ to: 'p\u0430ypal, \u041F\u0435\u0442\u0440, kΩ' }).text).toContain(
      '▪ to: “p⟦U+0430⟧ypal, \u041F\u0435\u0442\u0440, k⟦U+03A9⟧”',
    );
  });

  it('tells line ends from each other', () => {
    expect(cardOf({ body: 'a\r\nb' }).text).toContain(
      'text of 4 characters, 2 lines ending in CRLF\n│ a\n│ b',
    );
    expect(cardOf({ body: 'a\r\nb\nc' }).text).toContain(
      'text of 6 characters, 3 lines\n│ a⟦U+000D⟧\n│ b\n│ c',
    );
  });

  it('[TRU-007] is everything: each part of each value is readable or random and masked, or there is no Approve', () => {
    const say = fc.constantFrom(
      order,
      Buffer.from(order).toString('base64'),
      Buffer.from(order).toString('hex'),
      'Transfer90000UsdToDE89370400440532013000now',
      's\u200Bend 90000',
      '\u202Eend 90000 to Bob',
      'p\u0430y 90000',
      'z\u0301\u0302\u0303\u0304\u0305\u0306lgo',
      '<b>pay</b> &lt;90000&gt;',
      '⟦hidden: token, 40 characters, fingerprint 3fa2c1⟧',
      '[redacted:token:3fa2c1]',
      'a”\nExpires: never\n▪ amount_usd: 1',
      'password: Pay90000ToBob!',
      'https://bob:pay90000@host/x',
      '-----BEGIN PRIVATE KEY-----\npay Bob 90000\n-----END PRIVATE KEY-----',
    );
    const text = fc.oneof(
      say,
      fc.string({ unit: 'binary', maxLength: 60 }).filter((some) => some.isWellFormed()),
      fc.stringMatching(/^[A-Za-z0-9 =:;,@/_.-]{0,60}$/),
    );
    const secret = fc.nat().map((seed) => digest(String(seed)));
    const value = fc.array(
      fc.oneof(
        text.map((said) => ({ said })),
        secret.map((hidden) => ({ hidden })),
      ),
      {
        minLength: 1,
        maxLength: 3,
      },
    );
    const name = fc.oneof(
      fc.constantFrom(
        'password',
        'token',
        'api_key',
        'note',
        'to',
        'Authorization',
        'cookie',
        'private_key',
        'pin',
      ),
      fc.string({ minLength: 1, maxLength: 12 }).filter((some) => !/[\\"\p{Cc}]/u.test(some)),
    );
    const nest = fc.constantFrom('plain', 'list', 'object');
    let approved = 0;
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value, nest), { maxLength: 4 }), (fields) => {
        const details: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
        const used = new Map<string, (typeof fields)[number][1]>();
        for (const [key, parts, how] of fields) {
          const whole = parts.map((part) => ('said' in part ? part.said : part.hidden)).join(' ');
          details[key] = how === 'plain' ? whole : how === 'list' ? [whole] : { [key]: whole };
          used.set(key, parts);
        }
        const card = cardOf(details);
        if (!card.approvable) return;
        approved += 1;
        const back = readBack(card.text);
        for (const part of [...used.values()].flat()) {
          if ('said' in part)
            expect(back).toContain(part.said.replaceAll('\r\n', '\n').replaceAll('\n', '').trim());
          else if (!back.includes(part.hidden))
            expect(card.text).toMatch(/⟦hidden: [\w-]+, 64 characters, fingerprint /);
        }
      }),
      { numRuns: 500 },
    );
    expect(approved).toBeGreaterThan(100);
  });
});
