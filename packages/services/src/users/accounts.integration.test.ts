import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { openStores } from '@actp/testing/stores';
import type { RequestContext } from '../request-context.ts';
import { acceptInvite, isInvited } from '../operators/accept-invite.ts';
import { changeOperator } from '../operators/change.ts';
import { inviteOperator } from '../operators/invite.ts';
import { listOperators } from '../operators/list.ts';
import { endSession } from '../sessions/end.ts';
import { listSessions } from '../sessions/list.ts';
import { openSession } from '../sessions/open.ts';
import { sessionPerson } from '../sessions/person.ts';
import { asAgent, asUser, openVerbs } from '../verbs.fixture.ts';
import { changePassword } from './change-password.ts';
import { findUser } from './find.ts';
import { verifyPassword } from './password.ts';
import { registerUser } from './register.ts';

const stores = await openStores();
const { deps: verbs, operator, audited } = await openVerbs(stores);
const { db } = verbs;
const ann = await operator('ann@example.com');
const origin = { ip: '203.0.113.7', userAgent: 'curl/8', requestId: 'the-request' };
const password = 'a long enough passphrase';
let forgotten = 0;
const deps = { db, sessions: { invalidate: () => (forgotten += 1) } };
beforeEach(() => {
  forgotten = 0;
});

const register = (email: string, actor?: RequestContext['actor']) =>
  registerUser({ db, operatorEmail: 'first@example.com' }, { email, password }, { ...origin, actor });
const taken = { code: 'conflict', message: 'there is an account of this address' };

/** Somebody who has registered, and a session of theirs. */
async function someone(hours = 2) {
  const { id, email } = await register(`${randomUUID()}@example.com`);
  const passwordHash = (await findUser(db, email))?.password_hash ?? '';
  const open = (hash = passwordHash) =>
    openSession(db, {
      userId: id,
      passwordHash: hash,
      kind: 'api',
      hours,
      ip: origin.ip,
      userAgent: 'curl/8',
    });
  const session = (await open()) ?? '';
  const context: RequestContext = { actor: { kind: 'user', id, email, session }, ...origin };
  return { id, email, session, context, open };
}

describe('an account of a user', () => {
  it('is made once for an address, however it is written, and its password fits', async () => {
    const made = await register('Buyer@Example.com');
    const stored = await findUser(db, 'buyer@example.COM');
    expect(stored).toMatchObject({ id: made.id, role: 'user' });
    expect(await verifyPassword(stored?.password_hash ?? undefined, password)).toBe(true);
    await expect(register('buyer@example.com')).rejects.toMatchObject(taken);
    await expect(register('first@example.com')).rejects.toMatchObject(taken);
    await expect(register('ann@example.com')).rejects.toMatchObject(taken);
    expect(await findUser(db, 'nobody@example.com')).toBeUndefined();
  });

  it('may be made by an operator, and by nobody else for another', async () => {
    const { email } = await register('made@example.com', ann.actor);
    expect((await audited('auth.register')).at(-1)).toMatchObject({ agent_id: 'operator:ann@example.com' });
    expect(email).toBe('made@example.com');
    for (const { actor } of [asUser, asAgent()]) {
      await expect(register('other@example.com', actor)).rejects.toMatchObject({ code: 'forbidden' });
    }
    expect(await findUser(db, 'other@example.com')).toBeUndefined();
  });

  it('waits for its turn, since the hash of a password takes much of the processor', async () => {
    const turns: string[] = [];
    const make = () =>
      registerUser(
        { db, operatorEmail: 'first@example.com' },
        { email: 'waits@example.com', password },
        { ...origin, actor: undefined },
        async (work) => {
          turns.push('begun');
          return work();
        },
      );
    await make();
    await expect(make()).rejects.toMatchObject(taken);
    expect(turns).toEqual(['begun', 'begun']);
  });
});

describe('[TRU-003] a session', () => {
  it('is of the account whose password was verified, as long as that is its password', async () => {
    const { id, email, session, open } = await someone(2);
    expect(await sessionPerson(db, session, 'api')).toEqual({ id, email, name: null, role: 'user' });
    expect(await sessionPerson(db, session, 'page')).toBeUndefined();
    expect(await sessionPerson(db, randomUUID(), 'api')).toBeUndefined();
    expect(await open('another hash')).toBeUndefined();
    const [listed, ...more] = await listSessions(db, { before: undefined, limit: 1 });
    expect(more).toEqual([]);
    expect(listed?.session).toMatchObject({
      id: session,
      email,
      kind: 'api',
      ip: '203.0.113.7',
      user_agent: 'curl/8',
    });
    const { created_at, expires_at } = listed?.session ?? { created_at: '', expires_at: '' };
    expect(Math.round((Date.parse(expires_at) - Date.parse(created_at)) / 60_000)).toBe(120);
    const [next] = await listSessions(db, { before: listed?.position, limit: 1 });
    expect(next?.session.id).not.toBe(session);
  });

  it('is ended by who has it, and by an operator, once', async () => {
    const [one, other] = [await someone(), await someone()];
    await expect(endSession(deps, other.session, 'logout', one.context)).rejects.toMatchObject({
      code: 'forbidden',
      message: 'only operators end sessions of others',
    });
    await expect(endSession(deps, one.session, 'logout', asAgent())).rejects.toMatchObject({
      code: 'forbidden',
    });
    forgotten = 0;
    await endSession(deps, one.session, 'logout', one.context);
    expect(forgotten).toBe(1);
    expect(await sessionPerson(db, one.session, 'api')).toBeUndefined();
    await endSession(deps, other.session, 'operator', ann);
    await expect(endSession(deps, other.session, 'operator', ann)).rejects.toMatchObject({
      code: 'not_found',
      message: 'no such session',
    });
  });

  it('is nothing to an operator whose own has ended', async () => {
    const late = await operator(`${randomUUID()}@example.com`);
    const { session } = await someone();
    if (!('session' in late.actor)) throw new Error('no session');
    await endSession(deps, late.actor.session ?? '', 'logout', late);
    await expect(endSession(deps, session, 'operator', late)).rejects.toMatchObject({
      code: 'unauthenticated',
    });
    expect(await sessionPerson(db, session, 'api')).toBeDefined();
  });
});

describe('[TRU-003] another password', () => {
  it('takes the current one, ends all sessions, and gives a new one', async () => {
    const { session, context, email } = await someone();
    const change = (current: string, by = context) =>
      changePassword(deps, { current, replacement: 'another long passphrase', hours: 1 }, by);
    expect(await change('wrong')).toBeUndefined();
    await expect(change(password, asAgent())).rejects.toMatchObject({ code: 'forbidden' });
    // Whoever has the address by now is somebody else.
    const other = { ...context, actor: { ...context.actor, id: randomUUID() } } as RequestContext;
    expect(await change(password, other)).toBeUndefined();
    expect(await sessionPerson(db, session, 'api')).toBeDefined();
    expect(forgotten).toBe(0);
    const next = await change(password);
    expect(forgotten).toBe(1);
    expect(await sessionPerson(db, session, 'api')).toBeUndefined();
    expect(await sessionPerson(db, next ?? '', 'api')).toMatchObject({ email });
    const stored = (await findUser(db, email))?.password_hash ?? undefined;
    expect(await verifyPassword(stored, 'another long passphrase')).toBe(true);
  });

  it('is not set by a session that has ended meanwhile', async () => {
    const { session, context, email } = await someone();
    await endSession(deps, session, 'logout', context);
    forgotten = 0;
    const late = changePassword(
      deps,
      { current: password, replacement: 'of a session before', hours: 1 },
      context,
    );
    await expect(late).rejects.toMatchObject({
      code: 'conflict',
      message: 'the account or the session has changed meanwhile',
    });
    expect(forgotten).toBe(1);
    const stored = (await findUser(db, email))?.password_hash ?? undefined;
    expect(await verifyPassword(stored, password)).toBe(true);
  });
});

describe('[TRU-003] an operator', () => {
  const invite = (email: string, context = ann) => inviteOperator({ db }, { email, name: 'Bob' }, context);
  const change = (id: string, what: { name?: string; disabled?: boolean }, context = ann) =>
    changeOperator(deps, id, { name: what.name, disabled: what.disabled }, context);

  it('is invited, and sets a password with the code, once', async () => {
    const { operator: invited, code } = await invite('bob@example.com');
    expect(invited).toMatchObject({
      email: 'bob@example.com',
      name: 'Bob',
      state: 'invited',
      telegram_id: null,
    });
    const lasts = Date.parse(invited.invite_expires_at ?? '') - Date.parse(invited.created_at);
    expect(Math.round(lasts / 3_600_000)).toBe(72);
    expect(await isInvited(db, `${code}x`, origin)).toBe(false);
    for (let i = 0; i < 2; i += 1) expect(await isInvited(db, code, origin)).toBe(true);
    expect(await acceptInvite(db, { code: 'wrong', password }, origin)).toBeUndefined();
    expect(await acceptInvite(db, { code, password }, origin)).toMatchObject({
      id: invited.id,
      state: 'active',
    });
    expect(await acceptInvite(db, { code, password: 'another' }, origin)).toBeUndefined();
    const stored = (await findUser(db, 'bob@example.com'))?.password_hash ?? undefined;
    expect(await verifyPassword(stored, password)).toBe(true);
    await expect(invite('bob@example.com')).rejects.toMatchObject(taken);
  });

  it('who has not accepted yet gets another code, and the one before is worth nothing', async () => {
    const [first, second] = [await invite('late@example.com'), await invite('late@example.com')];
    expect(second.operator.id).toBe(first.operator.id);
    expect(await isInvited(db, first.code, origin)).toBe(false);
    expect(await isInvited(db, second.code, origin)).toBe(true);
  });

  it('is renamed, disabled and enabled again by another', async () => {
    const carl = await operator('carl@example.com');
    const { id } = carl.actor;
    expect(await change(id, { name: 'Carl' })).toMatchObject({ name: 'Carl', state: 'active' });
    forgotten = 0;
    expect(await change(id, { disabled: true })).toMatchObject({ name: 'Carl', state: 'disabled' });
    expect(forgotten).toBe(1);
    const session = 'session' in carl.actor ? (carl.actor.session ?? '') : '';
    expect(await sessionPerson(db, session, 'api')).toBeUndefined();
    expect(await change(id, { disabled: false })).toMatchObject({ state: 'active' });
    await expect(change(randomUUID(), { name: 'x' })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is nobody else’s to invite or change, and the last one stays', async () => {
    for (const context of [asAgent(), asUser]) {
      await expect(invite('eve@example.com', context)).rejects.toMatchObject({ code: 'forbidden' });
      await expect(change(ann.actor.id, { disabled: true }, context)).rejects.toMatchObject({
        code: 'forbidden',
      });
    }
    const all = (await listOperators(db, { before: undefined, limit: 100 })).map((one) => one.operator);
    for (const { id, state } of all)
      if (state === 'active' && id !== ann.actor.id) await change(id, { disabled: true });
    await expect(change(ann.actor.id, { disabled: true })).rejects.toMatchObject({
      code: 'conflict',
      message: 'the last enabled operator cannot be disabled',
    });
  });

  it('is listed a page at a time, newest first', async () => {
    const ids = [(await invite('p1@example.com')).operator.id, (await invite('p2@example.com')).operator.id];
    const first = await listOperators(db, { before: undefined, limit: 1 });
    expect(first.map((one) => one.operator.id)).toEqual([ids[1]]);
    const [next] = await listOperators(db, { before: first[0]?.position, limit: 1 });
    expect(next?.operator.id).toBe(ids[0]);
  });
});
