import { describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { approvalCalls } from './approvals.fixture.ts';

const stores = await openDatabase();
const calls = approvalCalls(stores.sql);

interface Work {
  id: string;
  kind: string;
  chat_id: string;
}

async function due(more: { main?: string | null; chats?: string[]; ids?: string[]; limit?: number } = {}) {
  const { main = '-1', chats = [], ids = [], limit = 1_000 } = more;
  const { rows } = await stores.sql.query<{ work: Work[] }>(
    'select due_approval_work($1, $2, $3, $4) as work',
    [main, chats, ids, limit],
  );
  return rows[0]?.work ?? [];
}

const record = (id: string, messageId: number, version = 1, chatId = '-1') =>
  stores.sql.query('select record_approval_card($1, $2, $3, $4)', [id, chatId, messageId, version]);

async function cardOf(id: string) {
  const { rows } = await stores.sql.query<{ message_id: string; chat_id: string; shown_version: number }>(
    'select message_id, chat_id, shown_version from actp_approval_cards where approval_id = $1',
    [id],
  );
  return rows[0];
}

describe('what is due about cards', () => {
  it('is what changed first, then who was never asked, then reminders; oldest first in each', async () => {
    const [changed, reminded, fresh, settled] = await Promise.all([1, 2, 3, 4].map(() => calls.request()));
    if (!changed || !reminded || !fresh || !settled) throw new Error('four were asked for');
    await record(changed.id, 1);
    await record(reminded.id, 2);
    await record(settled.id, 3);
    await calls.decide(changed.id, 'approved');
    await calls.elapse(reminded.id, 1_801);
    expect(await due()).toEqual([
      { id: changed.id, kind: 'edit', chat_id: '-1' },
      { id: fresh.id, kind: 'deliver', chat_id: '-1' },
      { id: reminded.id, kind: 'remind', chat_id: '-1' },
    ]);
    expect((await due({ limit: 1 })).map(({ id }) => id)).toEqual([changed.id]);
    expect((await due({ ids: [changed.id] })).map(({ id }) => id)).toEqual([fresh.id, reminded.id]);
    expect(await due({ chats: ['-1'] })).toEqual([]);
    // Without a main chat only those that name one, or have a card, can be served.
    expect((await due({ main: null })).map(({ id }) => id)).toEqual([changed.id, reminded.id]);
    await stores.sql.query('select record_card_shown($1, 2)', [changed.id]);
    await stores.sql.query('select claim_reminder($1, 0)', [reminded.id]);
    await calls.cancel(fresh.id);
    expect(await due()).toEqual([]);
  });

  it('never misses a change that happens while a card is being recorded', async () => {
    const approvals = await Promise.all(Array.from({ length: 300 }, () => calls.request()));
    await Promise.all(
      approvals.flatMap(({ id }, index) => {
        const both = [() => record(id, index + 100), () => calls.decide(id, 'approved')];
        return (index % 2 === 0 ? both : both.reverse()).map((act) => act());
      }),
    );
    const edits = await due();
    expect(edits.map(({ kind }) => kind)).toEqual(approvals.map(() => 'edit'));
    expect(new Set(edits.map(({ id }) => id))).toEqual(new Set(approvals.map(({ id }) => id)));
    await Promise.all(approvals.map(({ id }) => stores.sql.query('select record_card_shown($1, 2)', [id])));
    expect(await due()).toEqual([]);
  });
});

describe('the card that may decide', () => {
  it('is the newest message, in whatever order its copies are recorded', async () => {
    const { id } = await calls.request();
    await record(id, 10);
    await record(id, 12, 2);
    await record(id, 11, 1);
    expect(await cardOf(id)).toEqual({ message_id: '12', chat_id: '-1', shown_version: 2 });
    // In another chat numbers say nothing.
    await record(id, 3, 1, '-2');
    expect(await cardOf(id)).toMatchObject({ message_id: '3', chat_id: '-2' });
  });

  it('can be forgotten, and then another one is due', async () => {
    const { id } = await calls.request();
    await record(id, 20);
    const forget = async (messageId: number) => {
      const { rows } = await stores.sql.query<{ done: boolean }>(
        'select forget_approval_card($1, $2) as done',
        [id, messageId],
      );
      return rows[0]?.done;
    };
    expect(await forget(19)).toBe(false);
    expect(await forget(20)).toBe(true);
    expect(await due()).toContainEqual({ id, kind: 'deliver', chat_id: '-1' });
  });
});
