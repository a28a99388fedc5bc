import fc from 'fast-check';
import { createDb } from '@actp/db/client';
import { expect } from 'vitest';
import { alertChat, approver, sessionSecret, type Bench } from '../approval-bot.fixture.ts';
import { approvalsOn } from './approvals.fixture.ts';
import { writeCallbackData, type Step } from './buttons/button.ts';
import { createButtonMac } from './buttons/button-mac.ts';
import { createPressHandler } from './press/handle-press.ts';
import { loadPolicy } from '@actp/policy/load-policy';
import { createPressStore } from '@actp/services/approvals/press-store';
import type { Press } from './press/press.ts';
import { createApprovalCardStore } from '@actp/services/approvals/card-store';

const mac = createButtonMac(sessionSecret);
const foreignMac = createButtonMac('a secret that is not the one of the bot');
const steps: readonly Step[] = ['approve', 'confirm', 'reject', 'back'];
const otherChat = -1002;
// Below PostgREST's pool: what is asked here is what is decided, not how soon.
const sideBySide = 8;
const patienceMs = 240_000;

interface Target {
  id: string;
  actionDigest: string;
  messageId: number;
}

type Forged = Omit<Press, 'updateId'>;

/** Presses of which each is wrong in one way at least, most of them in one only. */
function forgedPress(targets: readonly Target[]): fc.Arbitrary<Forged> {
  const target = fc.constantFrom(...targets);
  const step = fc.constantFrom(...steps);
  const chatId = String(alertChat);
  const genuine = ({ id, actionDigest, messageId }: Target, wanted: Step): Forged => ({
    userId: approver,
    isBot: false,
    message: { chatId, messageId, accessible: true, hasButton: true },
    late: false,
    data: writeCallbackData({ id, step: wanted }, mac.of({ id, step: wanted }, { chatId, actionDigest })),
  });
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'.split('');
  const edited = fc
    .tuple(target, step, fc.nat({ max: 43 }), fc.constantFrom(...alphabet, '=', ' ', '\0', '😀'))
    .map(([t, s, at, letter]) => {
      const press = genuine(t, s);
      const data = press.data ?? '';
      const changed = data.slice(0, at) + letter + data.slice(at + 1);
      // An edit that changes nothing would be genuine.
      return { ...press, data: changed === data ? `${data}A` : changed };
    });
  const otherStep = fc.tuple(target, step, step).map(([t, from, to]) => {
    const press = genuine(t, from);
    const letter = genuine(t, to).data?.[0] ?? '';
    return from === to
      ? { ...press, data: press.data?.slice(1) }
      : { ...press, data: letter + press.data?.slice(1) };
  });
  const otherId = fc.tuple(target, step, fc.uuid()).map(([t, s, id]) => ({
    ...genuine(t, s),
    data: writeCallbackData(
      { id, step: s },
      mac.of({ id: t.id, step: s }, { chatId, actionDigest: t.actionDigest }),
    ),
  }));
  const foreignSecret = fc.tuple(target, step).map(([t, s]) => ({
    ...genuine(t, s),
    data: writeCallbackData(
      { id: t.id, step: s },
      foreignMac.of({ id: t.id, step: s }, { chatId, actionDigest: t.actionDigest }),
    ),
  }));
  const otherDigest = fc.tuple(target, step).map(([t, s]) => ({
    ...genuine(t, s),
    data: writeCallbackData(
      { id: t.id, step: s },
      mac.of({ id: t.id, step: s }, { chatId, actionDigest: 'ab'.repeat(32) }),
    ),
  }));
  const otherPerson = fc
    .tuple(target, step, fc.oneof(fc.nat(), fc.constantFrom(0, -1, 1_087_968_824, 136_817_688)))
    .map(([t, s, id]) => ({ ...genuine(t, s), userId: id === approver ? id + 1 : id }));
  const robot = fc.tuple(target, step).map(([t, s]) => ({ ...genuine(t, s), isBot: true }));
  const elsewhere = fc.tuple(target, step, fc.constantFrom(otherChat, -5, approver)).map(([t, s, chat]) => ({
    ...genuine(t, s),
    message: { chatId: String(chat), messageId: t.messageId, accessible: true, hasButton: true },
  }));
  // The step "back" decides nothing wherever it is pressed, so it is left out here.
  const otherMessage = fc
    .tuple(
      target,
      fc.constantFrom<Step>('approve', 'confirm', 'reject'),
      fc.integer({ min: -5, max: 1_000_000 }),
    )
    .map(([t, s, messageId]) => ({
      ...genuine(t, s),
      message: {
        chatId,
        messageId: messageId === t.messageId ? messageId + 1 : messageId,
        accessible: true,
        hasButton: false,
      },
    }));
  const noMessage = fc.tuple(target, step).map(([t, s]) => ({ ...genuine(t, s), message: undefined }));
  const gone = fc.tuple(target, step).map(([t, s]) => ({
    ...genuine(t, s),
    message: { chatId, messageId: t.messageId + 1_000_000, accessible: false, hasButton: false },
  }));
  const anything = fc.tuple(target, fc.string({ unit: 'binary', maxLength: 64 })).map(([t, data]) => ({
    ...genuine(t, 'approve'),
    data,
  }));
  // A second press without a first one: all three are critical.
  const unbegun = target.map((t) => genuine(t, 'confirm'));
  return fc.oneof(
    { weight: 4, arbitrary: edited },
    anything,
    otherStep,
    otherId,
    foreignSecret,
    otherDigest,
    otherPerson,
    robot,
    elsewhere,
    otherMessage,
    noMessage,
    gone,
    unbegun,
  );
}

/**
 * Throws so many forged presses at three critical approvals on a real database.
 * Not one may decide, count as a vote or change a thing, and each leaves its trace.
 */
export async function fuzzPresses(bench: Bench, count: number, seed = Date.now()): Promise<void> {
  const approvals = approvalsOn(bench);
  const db = createDb(bench.stores.env, 'bot', patienceMs);
  const cards = createApprovalCardStore(db);
  const policy = await loadPolicy('config/policy.yaml');
  const targets = await Promise.all(
    [1, 2, 3].map(async (messageId) => {
      const id = await approvals.ask({ critical: true });
      await cards.recordCard(id, { chatId: String(alertChat), messageId, version: 1 });
      return { id, actionDigest: approvals.digestOf(id), messageId };
    }),
  );
  const handlePress = createPressHandler({
    cards,
    presses: createPressStore(db, () => policy),
    mac,
    access: { approverIds: new Set([approver]), chatIds: new Set([String(alertChat), String(otherChat)]) },
  });
  const before = await tracesOf(bench);
  const presses = fc.sample(forgedPress(targets), { numRuns: count, seed });
  let next = 0;
  const workers = Array.from({ length: sideBySide }, async () => {
    for (let mine = next++; mine < presses.length; mine = next++) {
      const press = presses[mine];
      if (!press) return;
      const { text } = await handlePress({ ...press, updateId: 1_000_000 + mine });
      const told = `seed ${seed}, press ${mine}: ${JSON.stringify(press)}`;
      expect(text, told).not.toMatch(/^(?:✅|❌)/u);
      expect(text.length, told).toBeLessThanOrEqual(200);
    }
  });
  await Promise.all(workers);
  for (const { id } of targets) {
    expect(await approvals.read(id), `seed ${seed}`).toMatchObject({
      status: 'pending',
      approvals: 0,
      version: 1,
    });
  }
  const after = await tracesOf(bench);
  expect(after.decided - before.decided, `seed ${seed}`).toBe(0);
  expect(after.refused - before.refused, `seed ${seed}`).toBe(count);
}

async function tracesOf(bench: Bench): Promise<{ decided: number; refused: number }> {
  const { rows } = await bench.stores.sql.query<{ decided: number; refused: number }>(
    `select count(*) filter (where status = 'ok')::int as decided, count(*) filter (where status = 'denied')::int as refused
     from actp_agent_audit_log where action_type in ('approval.decide', 'approval.vote', 'approval.press')`,
  );
  return rows[0] ?? { decided: 0, refused: 0 };
}
