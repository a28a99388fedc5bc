import { describe, expect, it } from 'vitest';
import { createLogger } from '@actp/shared/log';
import { eventually as ask } from '@actp/testing/eventually';
import type { Caller } from '../app-env.ts';
import { atRequest } from '../auth/request.fixture.ts';
import { watchCredential } from '../auth/watch-credential.ts';
import { streamChanges } from './stream-changes.ts';

// Soon, since a stream that hangs shall not hold up its test.
const eventually = (what: () => boolean) => ask(what, { within: 10_000 });

const id = '7b8d4a52-2f0a-4a4b-9a2e-0f6b0d8a4c11';
const email = 'op@example.com';
const operator: Caller = { kind: 'operator', id, email, session: 'the-session' };

interface Followed {
  /** How often it was read, and how often somebody stopped following it. */
  looks: number;
  ended: number;
  /** How often it was asked whether the session lives. */
  asked: number;
}

interface Open {
  /** What happened: the state has as many versions. */
  types?: string[];
  /** Gives, after each look, whether something changed; by default nothing does until the stream is over. */
  changed?: (over: AbortSignal) => Promise<boolean>;
  look?: () => Promise<void>;
  closing?: AbortSignal;
}

const untilOver = (over: AbortSignal) =>
  new Promise<boolean>((resolve) => {
    if (over.aborted) return resolve(false);
    over.addEventListener('abort', () => resolve(false), { once: true });
  });

/** A stream of something of which the test says how it goes on. */
async function open({ types = ['pending'], changed = untilOver, look, closing }: Open = {}) {
  const followed: Followed = { looks: 0, ended: 0, asked: 0 };
  const logged: unknown[] = [];
  const destination = { write: (line: string) => void logged.push(JSON.parse(line)) };
  const log = createLogger({ app: 'test', level: 'info', destination });
  const sessions = {
    read: async () => {
      followed.asked += 1;
      return { id, email, name: null, role: 'operator' } as const;
    },
    invalidate: () => undefined,
  };
  const hub = {
    announce: () => undefined,
    close: () => undefined,
    closing: closing ?? new AbortController().signal,
    follow: () => ({
      look: async () => {
        followed.looks += 1;
        await look?.();
        return { version: types.length };
      },
      changed,
      end: () => void (followed.ended += 1),
    }),
  };
  const answer = await atRequest({ method: 'GET' }, (c) =>
    streamChanges(
      c,
      { log, sessions },
      {
        hub,
        id,
        caller: operator,
        seen: 0,
        eventsAfter: async (version) =>
          types.map((type, index) => ({ type, version: index + 1 })).filter((one) => one.version > version),
        isLast: (type) => type === 'rejected',
        shown: (state) => state,
      },
    ),
  );
  return { answer, followed, logged };
}

/** Resolves when a session that is watched from now on was looked at: one that was watched before would have been as well. */
async function nextLookAtSessions(): Promise<void> {
  let looks = 0;
  const read = async () => {
    looks += 1;
    return undefined;
  };
  const watch = watchCredential({ read }, operator);
  await eventually(() => looks > 0);
  watch.stop();
}

describe('a stream of changes', () => {
  it('follows nothing and watches no session any more after its last event', async () => {
    const { answer, followed } = await open({ types: ['pending', 'rejected'] });
    expect([...(await answer.text()).matchAll(/^event: (.*)$/gm)].map(([, name]) => name)).toEqual([
      'pending',
      'rejected',
    ]);
    await eventually(() => followed.ended > 0);
    const { looks, asked } = followed;
    await nextLookAtSessions();
    expect(followed).toEqual({ looks, asked, ended: 1 });
  });

  it('follows nothing and watches no session any more once its client has left', async () => {
    const { answer, followed } = await open();
    const reader = answer.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    await eventually(() => followed.ended > 0);
    const { looks, asked } = followed;
    await nextLookAtSessions();
    expect(followed).toEqual({ looks, asked, ended: 1 });
  });

  it('says that it is still there when nothing has changed for long', async () => {
    const quiet = [false, false];
    const { answer } = await open({ changed: async (over) => quiet.shift() ?? untilOver(over) });
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    let told = '';
    while (told.match(/^: still here$/gm)?.length !== 2) told += (await reader?.read())?.value ?? '';
    expect(told.match(/^event: /gm)).toHaveLength(1);
    await reader?.cancel();
  });

  it('ends when the gateway stops', async () => {
    const closing = new AbortController();
    const { answer, followed } = await open({ closing: closing.signal });
    const text = answer.text();
    await eventually(() => followed.looks > 0);
    closing.abort();
    expect(await text).toContain('event: pending');
    await eventually(() => followed.ended > 0);
  });

  it('that fails ends, and says why in the log alone', async () => {
    const { answer, followed, logged } = await open({
      look: () => Promise.reject(new Error('a row with a name in it')),
    });
    expect(await answer.text()).toBe('');
    await eventually(() => followed.ended > 0);
    expect(logged).toMatchObject([
      { msg: 'an event stream ended early', err: { message: 'a row with a name in it' } },
    ]);
  });
});
