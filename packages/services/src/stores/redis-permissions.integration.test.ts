import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { connectRedis, workerOptions } from '@actp/shared/redis';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';
import { openOwnRedis } from '@actp/testing/own-redis';
import { findRejectedCommands } from './redis-permissions.ts';

const redis = await openOwnRedis({ appendOnly: false });
const open = (url: string) => {
  const target = { REDIS_URL: url, REDIS_CLUSTER_NODES: [] };
  const connection = connectRedis(target, { ...workerOptions, enableReadyCheck: false });
  connection.on('error', () => undefined);
  atEnd(() => {
    connection.disconnect();
  });
  return connection;
};
const admin = open(redis.adminUrl);
/** A connection of somebody with these rights. */
async function withRights(name: string, ...rights: string[]) {
  await admin.call('acl', 'setuser', name, 'on', '>pw', '&*', ...rights);
  const url = new URL(redis.env.REDIS_URL);
  [url.username, url.password] = [name, 'pw'];
  return open(url.href);
}
/** But for the script that nobody has, and that is asked for to see another error than that of a missing right. */
const rejected = async (connection: ReturnType<typeof open>, clustered = false) =>
  (await findRejectedCommands(connection, clustered))
    .filter(({ command, error }) => command !== 'evalsha' || !error.message.startsWith('NOSCRIPT'))
    .map(({ command }) => command);

// Of what the plane does not use: deduplicated jobs, and events that are read over a relay.
const unused = new Set(['persist', 'xread']);

it('all that may be rejected is nothing where everything is allowed, of which nothing is left', async () => {
  expect(await rejected(open(redis.adminUrl))).toEqual([]);
  expect(await rejected(open(redis.env.REDIS_URL))).toEqual([]);
  await eventually(async () => (await admin.dbsize()) === 0);
});

it('each command that the scripts of BullMQ use is asked for', async () => {
  const found = await findRejectedCommands(await withRights('nobody', '~*', '+auth', '+hello'), false);
  const asked = new Set(found.map(({ command }) => command));
  for (const { error } of found) expect(error.message).toMatch(/^NOPERM/);
  // The part that an app resolves; its scripts lie beside it.
  const ofShared = createRequire(import.meta.resolve('@actp/shared/jobs/producer'));
  const scripts = join(dirname(ofShared.resolve('bullmq')), 'scripts');
  const used = new Set<string>();
  for (const file of await readdir(scripts)) {
    const text = await readFile(join(scripts, file), 'utf8');
    for (const [, name = ''] of text.matchAll(/\b(?:rcall|redis\.call)\(\s*["'](\w+)/g)) {
      used.add(name.toLowerCase());
    }
  }
  expect(used.size).toBeGreaterThan(40);
  expect([...used].filter((name) => !asked.has(name) && !unused.has(name))).toEqual([]);
  for (const name of ['ping', 'publish', 'client|setname', 'eval', 'evalsha', 'multi', 'bzpopmin'])
    expect(asked).toContain(name);
});

it.each(['zadd', 'rpoplpush', 'xtrim', 'publish', 'client|setname', 'evalsha'])(
  'one that is not allowed is named: %s',
  async (command) => {
    const connection = await withRights(`no-${command}`, '~*', '+@all', `-${command}`);
    expect(new Set(await rejected(connection))).toEqual(new Set([command]));
  },
);

it('no transaction is asked of a cluster', async () => {
  const connection = await withRights('no-multi', '~*', '+@all', '-multi');
  expect(await rejected(connection, true)).toEqual([]);
  expect(await rejected(connection)).toContain('multi');
});

it.each(['actp:rate:*', '{actp:rate}:*', '{actp-audit}:*', '{actp-webhooks}:*'])(
  'keys below each place of the plane have to be allowed, also %s',
  async (place) => {
    const all = ['actp:rate:*', '{actp:rate}:*', '{actp-*'].filter((one) => one !== place);
    const others = place.startsWith('{actp-') ? all.filter((one) => one !== '{actp-*') : all;
    const connection = await withRights(`only-${place}`, '+@all', ...others.map((one) => `~${one}`));
    expect((await rejected(connection)).length).toBeGreaterThan(0);
  },
);

it('no keys are asked for but those below the places of the plane', async () => {
  const places = ['~{actp-*', '~actp:rate:*', '~{actp:rate}:*'];
  expect(await rejected(await withRights('exact', '+@all', ...places))).toEqual([]);
});

it('a connection that breaks says nothing about rights', async () => {
  const connection = open(redis.env.REDIS_URL);
  await connection.ping();
  connection.disconnect();
  await expect(findRejectedCommands(connection, false)).rejects.toThrow('Connection is closed');
});
