import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';
import { openStores } from '@actp/testing/stores';
import { json, openGateway, type TestGateway } from '../gateway.fixture.ts';

const stores = await openStores();
const folder = await mkdtemp(join(tmpdir(), 'actp-reload-'));
atEnd(() => rm(folder, { recursive: true }));
const file = join(folder, 'policy.yaml');
const shipped = await readFile(resolve(import.meta.dirname, '../../../../config/policy.yaml'), 'utf8');
await writeFile(file, shipped);
const gateways = [
  await openGateway(stores, { POLICY_FILE: file }),
  await openGateway(stores, { POLICY_FILE: file }),
];
const effect = async (gateway: TestGateway, action: string) => {
  const answer = await gateway.fetch('/v1/guard', json({ action, details: {} }));
  return ((await answer.json()) as { effect?: string }).effect;
};
const everywhere = (action: string, wanted: string) =>
  eventually(async () => {
    const effects = await Promise.all(gateways.map((gateway) => effect(gateway, action)));
    return effects.every((one) => one === wanted);
  });
const reloads = async () => {
  const { rows } = await stores.sql.query<{ status: string }>(
    `select status from actp_agent_audit_log where action_type = 'policy.reload' order by id`,
  );
  return rows.map(({ status }) => status);
};
const alerts = async () => {
  const { rows } = await stores.sql.query<{ body: string }>(
    `select body from actp_notifications where kind = 'policy.refused'`,
  );
  return rows.map(({ body }) => body);
};

it('a changed policy is in force in every process; one that is not valid is not, and raises one message', async () => {
  expect(await effect(gateways[0] as TestGateway, 'db.drop')).toBe('allow');
  await writeFile(file, shipped.replace('gates:\n', "gates:\n  - { action: 'db.*', effect: deny }\n"));
  await everywhere('db.drop', 'deny');
  await eventually(async () => (await reloads()).join() === 'ok,ok');

  await writeFile(file, shipped.replace('details.recipients > 10', 'details.recipients >'));
  await eventually(async () => (await reloads()).join() === 'ok,ok,error,error');
  await everywhere('db.drop', 'deny');
  const [alert, ...more] = await alerts();
  expect(more).toEqual([]);
  expect(alert).toMatch(/stays in force[^]*line \d+: gates\.1\.when: is not a valid condition/);

  await writeFile(file, shipped);
  await everywhere('db.drop', 'allow');
  await eventually(async () => (await reloads()).join() === 'ok,ok,error,error,ok,ok');
  expect(await alerts()).toHaveLength(1);
});
