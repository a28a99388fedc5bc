import { describe, expect, it } from 'vitest';
import { createLogger } from '@actp/shared/log';
import { eventually as ask } from '@actp/testing/eventually';
import type { SessionPerson } from '@actp/services/sessions/person';
import type { Caller } from '../app-env.ts';
import { guardedStream } from './guarded-stream.ts';
import { atRequest } from './request.fixture.ts';

// Soon, since a stream that hangs shall not hold up its test.
const eventually = (what: () => boolean) => ask(what, { within: 10_000 });

const id = '7b8d4a52-2f0a-4a4b-9a2e-0f6b0d8a4c11';
const email = 'op@example.com';
const operator: Caller = { kind: 'operator', id, email, session: 'the-session' };
const person: SessionPerson = { id, email, name: null, role: 'operator' };

interface Body {
  /** Whether the session lives. */
  alive: boolean;
  begun: boolean;
  resets: number;
  /** How often it was asked whether the session lives. */
  asked: number;
  /** Whether the parts were told that nobody wants more. */
  left: boolean;
}

/** A body whose parts may look at what became of it. */
async function open(partsOf: (body: Body) => AsyncGenerator<string, void>, connected = true) {
  const body: Body = { alive: true, begun: false, resets: 0, asked: 0, left: false };
  const logged: unknown[] = [];
  const socket = { resetAndDestroy: () => (body.resets += 1) };
  // Of a connection only this is used.
  const outgoing = { socket: connected ? socket : null } as unknown as { socket: null };
  const sessions = {
    read: async () => {
      body.asked += 1;
      return body.alive ? person : undefined;
    },
    invalidate: () => undefined,
  };
  const destination = { write: (line: string) => void logged.push(JSON.parse(line)) };
  const log = createLogger({ app: 'test', level: 'info', destination });
  async function* parts() {
    try {
      yield* partsOf(body);
    } finally {
      body.left = true;
    }
  }
  const stream = await atRequest({ path: '/v1/export?format=csv', outgoing }, (c) =>
    guardedStream(c, operator, { sessions, log }, 'head|', parts()),
  );
  // Not through another stream, which would read ahead.
  const reader = stream.getReader();
  const read = async () => {
    const { done, value } = await reader.read();
    return done ? undefined : new TextDecoder().decode(value);
  };
  return { body, logged, reader, read };
}

const cutOff = (message: string) => ({
  msg: 'an answer was cut off before its end',
  request_id: 'the-request',
  path: '/v1/export',
  actor: 'operator:op@example.com',
  err: { message },
});

describe('[TRU-003] a body that takes long to send', () => {
  it('is whole while the session lives, which is asked before each part', async () => {
    const { body, read, logged } = await open(async function* () {
      yield 'one|';
      yield 'two';
    });
    const got = [];
    for (let text = await read(); text !== undefined; text = await read()) got.push(text);
    expect(got).toEqual(['head|', 'one|', 'two']);
    expect(body).toMatchObject({ resets: 0, left: true });
    expect(body.asked).toBeGreaterThanOrEqual(3);
    expect(logged).toEqual([]);
  });

  it('is watched no more once it was sent, and nothing is cut off then', async () => {
    const one = async function* () {
      yield 'one';
    };
    const { body, read, logged } = await open(one);
    while ((await read()) !== undefined);
    const { asked } = body;
    body.alive = false;
    // Another one, which begins later, is looked at meanwhile.
    const later = await open(async function* (state) {
      state.alive = false;
      await eventually(() => state.resets > 0);
      yield 'late';
    });
    void later.read().then(later.read);
    await eventually(() => later.body.resets > 0);
    await later.reader.cancel();
    expect(body).toMatchObject({ asked, resets: 0 });
    expect(logged).toEqual([]);
  });

  it('is cut off with the session: its next part is not sent', async () => {
    const { body, reader, read, logged } = await open(async function* (state) {
      yield 'one|';
      state.alive = false;
      yield 'two';
    });
    let got = '';
    void (async () => {
      for (let text = await read(); text !== undefined; text = await read()) got += text;
    })().catch(() => undefined);
    await eventually(() => body.resets > 0);
    expect(got).toBe('head|one|');
    expect(logged).toMatchObject([cutOff('the session has ended')]);
    // As the server does for a connection that is gone.
    await reader.cancel();
    expect(body).toMatchObject({ resets: 1, left: true });
  });

  it('is cut off while a part is awaited, which is not sent either', async () => {
    const { body, reader, read, logged } = await open(async function* (state) {
      state.alive = false;
      await eventually(() => state.resets > 0);
      yield 'late';
    });
    expect(await read()).toBe('head|');
    const next = read();
    await eventually(() => body.resets > 0);
    await reader.cancel();
    expect(await next).toBeUndefined();
    await eventually(() => body.left);
    expect(body.resets).toBe(1);
    expect(logged).toMatchObject([cutOff('the session has ended')]);
  });

  it('is cut off when its parts fail', async () => {
    const { body, reader, read, logged } = await open(async function* () {
      yield 'one|';
      throw new Error('no database');
    });
    expect([await read(), await read()]).toEqual(['head|', 'one|']);
    void read();
    await eventually(() => body.resets > 0);
    expect(logged).toMatchObject([cutOff('no database')]);
    await reader.cancel();
  });

  it('fails where there is no connection any more', async () => {
    const { read } = await open(async function* (state) {
      state.alive = false;
      yield 'one';
    }, false);
    const all = async () => {
      for (;;) await read();
    };
    await expect(all()).rejects.toMatchObject({ message: 'the session has ended' });
  });

  it('that nobody reads asks nothing, and begins nothing', async () => {
    const { body } = await open(async function* (state) {
      state.begun = true;
      yield 'one';
    });
    expect(body).toEqual({ alive: true, begun: false, resets: 0, asked: 0, left: false });
  });

  it('that is not wanted any more ends without a word', async () => {
    const { body, reader, logged } = await open(async function* () {
      for (;;) yield 'more';
    });
    for (let i = 0; i < 3; i += 1) await reader.read();
    await reader.cancel();
    await eventually(() => body.left);
    expect(body.resets).toBe(0);
    expect(logged).toEqual([]);
  });
});
