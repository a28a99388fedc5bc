import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '@actp/shared/log';
import { connectRedis, workerOptions } from '@actp/shared/redis';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';
import { openOwnRedis } from '@actp/testing/own-redis';
import { openStores } from '@actp/testing/stores';
import { createChangeHub, type ChangeHubDeps, type Versioned } from './hub.ts';

const { env } = await openStores();
const forever = new AbortController().signal;
const logged: string[] = [];
const log = createLogger({
  app: 'test',
  level: 'info',
  destination: { write: (line) => void logged.push(line) },
});
/** What the database has. */
const stored = new Map<string, number>();
beforeEach(() => {
  logged.length = 0;
});

/** A process, in which somebody can wait. */
function openHub(over: Partial<ChangeHubDeps<Versioned>> = {}, channel = `of-${randomUUID()}`) {
  const asked: string[][] = [];
  const hub = createChangeHub<Versioned>({
    redis: env,
    log,
    channel,
    read: (id) => Promise.resolve({ version: stored.get(id) ?? 0 }),
    versions: (ids) => {
      asked.push(ids);
      return Promise.resolve(Object.fromEntries(ids.map((id) => [id, stored.get(id) ?? 0])));
    },
    ...over,
  });
  atEnd(() => {
    hub.close();
  });
  return { hub, asked, channel };
}
/** Something new, in its first version. */
function newThing(version = 1): string {
  const id = randomUUID();
  stored.set(id, version);
  return id;
}

describe('who waits for a change', () => {
  it('hears of one in the same process at once', async () => {
    const { hub } = openHub();
    const [id, other] = [newThing(), newThing()];
    const [follower, bystander] = [hub.follow(id), hub.follow(other)];
    expect(await follower.look()).toEqual({ version: 1 });
    await bystander.look();
    const changed = follower.changed(forever);
    hub.announce(id);
    expect(await changed).toBe(true);
    // Until it looks again it knows that there is something to see.
    expect(await follower.changed(AbortSignal.abort())).toBe(true);
    await follower.look();
    expect(await follower.changed(AbortSignal.abort())).toBe(false);
    expect(await bystander.changed(AbortSignal.abort())).toBe(false);
  });

  it('hears of one that another process announces, before anybody asks the database', async () => {
    const versions = () => Promise.resolve({});
    const { hub, channel } = openHub({ versions });
    const { hub: other } = openHub({ versions }, channel);
    const id = newThing();
    const follower = hub.follow(id);
    await follower.look();
    const changed = follower.changed(forever);
    // What is announced before the subscription is there is lost.
    const again = setInterval(() => {
      other.announce(id);
    }, 10);
    expect(await changed).toBe(true);
    clearInterval(again);
  });

  it('finds one by itself that nobody announces, and only what is newer than it has seen', async () => {
    const { hub, asked } = openHub();
    const [id, same] = [newThing(1), newThing(7)];
    const [follower, unchanged] = [hub.follow(id), hub.follow(same)];
    await follower.look();
    await unchanged.look();
    stored.set(id, 2);
    expect(await follower.changed(forever)).toBe(true);
    expect(asked.at(-1)?.toSorted()).toEqual([id, same].toSorted());
    expect(await unchanged.changed(AbortSignal.abort())).toBe(false);
    expect(logged).toEqual([]);
  });

  it('finds it also when somebody else has seen it already', async () => {
    const { hub } = openHub();
    const id = newThing(1);
    const [follower, ahead] = [hub.follow(id), hub.follow(id)];
    await follower.look();
    stored.set(id, 2);
    await ahead.look();
    expect(await follower.changed(forever)).toBe(true);
  });

  it('gives up when time is over', async () => {
    const { hub } = openHub();
    const follower = hub.follow(newThing());
    const over = new AbortController();
    const changed = follower.changed(over.signal);
    over.abort();
    expect(await changed).toBe(false);
  });

  it('is not asked about any more when it has ended; others go on', async () => {
    const { hub, asked } = openHub();
    const [id, other] = [newThing(), newThing()];
    const [gone, stays, another] = [hub.follow(id), hub.follow(id), hub.follow(other)];
    gone.end();
    await eventually(() => asked.some((ids) => ids.length === 2));
    stays.end();
    await eventually(() => asked.at(-1)?.join() === other);
    gone.end();
    another.end();
    const before = asked.length;
    await eventually(() => asked.length === before);
    // A new one is not harmed by the end of an old one.
    const anew = hub.follow(id);
    stays.end();
    hub.announce(id);
    expect(await anew.changed(AbortSignal.abort())).toBe(true);
  });

  it('shares a question with others, but not one from before the change', async () => {
    const answers: Array<(state: Versioned) => void> = [];
    const { hub } = openHub({ read: () => new Promise((resolve) => answers.push(resolve)) });
    const id = newThing();
    const [one, other] = [hub.follow(id), hub.follow(id)];
    const looks = [one.look(), other.look()];
    expect(answers).toHaveLength(1);
    hub.announce(id);
    looks.push(other.look());
    expect(answers).toHaveLength(2);
    answers[0]?.({ version: 1 });
    await looks[0];
    // The second question is under way still.
    looks.push(one.look());
    expect(answers).toHaveLength(2);
    answers[1]?.({ version: 2 });
    expect((await Promise.all(looks)).map(({ version }) => version)).toEqual([1, 1, 2, 2]);
    void one.look();
    expect(answers).toHaveLength(3);
  });

  it('hears that a question has failed, and asks again', async () => {
    const reads = [Promise.reject(new Error('away')), Promise.resolve({ version: 3 })];
    const { hub } = openHub({ read: () => reads.shift() ?? expect.fail('asked too often') });
    const follower = hub.follow(newThing());
    await expect(follower.look()).rejects.toThrow('away');
    expect(await follower.look()).toEqual({ version: 3 });
  });
});

describe('asking the database for all who wait', () => {
  it('takes as many questions as there are thousands', async () => {
    const { hub, asked } = openHub();
    for (let count = 0; count < 2_000; count += 1) hub.follow(newThing());
    await eventually(() => asked.length >= 3);
    expect(asked.map((ids) => ids.length).slice(0, 3)).toEqual([1_000, 1_000, 1_000]);
    expect(new Set(asked.slice(0, 2).flat()).size).toBe(2_000);
    hub.follow(newThing());
    await eventually(() => asked.at(-1)?.length === 1);
  });

  it('goes on after the database was away, which is said', async () => {
    let away = true;
    const id = newThing(1);
    const { hub } = openHub({
      versions: () => (away ? Promise.reject(new Error('away')) : Promise.resolve({ [id]: 2 })),
    });
    const follower = hub.follow(id);
    await follower.look();
    const changed = follower.changed(forever);
    await eventually(() => logged.length > 0);
    expect(JSON.parse(logged[0] ?? '')).toMatchObject({
      ...{ level: 'warn', msg: 'changes could not be looked for', err: { message: 'away' } },
    });
    away = false;
    expect(await changed).toBe(true);
  });

  it('is done once at a time', async () => {
    let asked = 0;
    let answer: ((versions: Record<string, number>) => void) | undefined;
    const id = newThing(1);
    const { hub } = openHub({
      versions: () => {
        asked += 1;
        return new Promise((resolve) => (answer = resolve));
      },
    });
    const follower = hub.follow(id);
    await follower.look();
    await eventually(() => asked === 1);
    await follower.changed(AbortSignal.timeout(700));
    expect(asked).toBe(1);
    answer?.({ [id]: 2 });
    expect(await follower.changed(forever)).toBe(true);
  });

  it('ends with the hub, and who waits is told', async () => {
    const { hub, asked } = openHub();
    hub.follow(newThing());
    await eventually(() => asked.length > 0);
    expect(hub.closing.aborted).toBe(false);
    hub.close();
    expect(hub.closing.aborted).toBe(true);
    const before = asked.length;
    await hub.follow(newThing()).changed(AbortSignal.timeout(700));
    expect(asked).toHaveLength(before);
  });

  it('leaves no connection to Redis behind', async () => {
    const own = await openOwnRedis({ appendOnly: false });
    const admin = connectRedis({ REDIS_URL: own.adminUrl, REDIS_CLUSTER_NODES: [] }, workerOptions);
    atEnd(() => admin.disconnect());
    const connections = async () =>
      String(await admin.call('client', 'list'))
        .trim()
        .split('\n').length;
    const { hub } = openHub({ redis: own.env });
    await eventually(async () => (await connections()) === 3);
    hub.close();
    await eventually(async () => (await connections()) === 1);
  });
});
