import { describe, expect, it } from 'vitest';
import { createLogger } from '@actp/shared/log';
import { eventually } from '@actp/testing/eventually';
import { atRequest } from '../auth/request.fixture.ts';
import { followed, id, nextLookAtSessions, operator, untilOver } from './followed.fixture.ts';
import { streamChanges } from './stream-changes.ts';

interface Open {
  /** What happened: the state has as many versions. */
  types?: string[];
  changed?: (over: AbortSignal) => Promise<boolean>;
  look?: () => Promise<void>;
  closing?: AbortSignal;
}

/** A stream of something of which the test says how it goes on. */
async function open({ types = ['pending'], look, ...course }: Open = {}) {
  const logged: unknown[] = [];
  const destination = { write: (line: string) => void logged.push(JSON.parse(line)) };
  const log = createLogger({ app: 'test', level: 'info', destination });
  const { seen, hub, sessions } = followed({
    ...course,
    look: async () => {
      await look?.();
      return { version: types.length };
    },
  });
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
  return { answer, seen, logged };
}

describe('a stream of changes', () => {
  it('follows nothing and watches no session any more after its last event', async () => {
    const { answer, seen } = await open({ types: ['pending', 'rejected'] });
    expect([...(await answer.text()).matchAll(/^event: (.*)$/gm)].map(([, name]) => name)).toEqual([
      'pending',
      'rejected',
    ]);
    await eventually(() => seen.ended > 0);
    const { looks, asked } = seen;
    await nextLookAtSessions();
    expect(seen).toEqual({ looks, asked, ended: 1 });
  });

  it('follows nothing and watches no session any more once its client has left', async () => {
    const { answer, seen } = await open();
    const reader = answer.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    await eventually(() => seen.ended > 0);
    const { looks, asked } = seen;
    await nextLookAtSessions();
    expect(seen).toEqual({ looks, asked, ended: 1 });
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
    const { answer, seen } = await open({ closing: closing.signal });
    const text = answer.text();
    await eventually(() => seen.looks > 0);
    closing.abort();
    expect(await text).toContain('event: pending');
    await eventually(() => seen.ended > 0);
  });

  it('that fails ends, and says why in the log alone', async () => {
    const { answer, seen, logged } = await open({
      look: () => Promise.reject(new Error('a row with a name in it')),
    });
    expect(await answer.text()).toBe('');
    await eventually(() => seen.ended > 0);
    expect(logged).toMatchObject([
      { msg: 'an event stream ended early', err: { message: 'a row with a name in it' } },
    ]);
  });
});
