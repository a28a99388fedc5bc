import { execFile } from 'node:child_process';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { openStandIn, secret } from './stand-in-gateway.fixture.ts';

const run = promisify(execFile);
const packageDir = join(import.meta.dirname, '..');
const tsc = join(packageDir, '../../node_modules/.bin/tsc');

/** Builds the package into a folder of its own, as it would be installed. */
async function build(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'actp-sdk-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await run(tsc, ['-p', join(packageDir, 'tsconfig.build.json'), '--outDir', join(folder, 'dist')]);
  return folder;
}

/** The Node.js that the machine itself has: the oldest one that people here use. */
async function nodeOfMachine(): Promise<string | undefined> {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((one) => !one.includes('node_modules'));
  for (const folder of folders) {
    const program = join(folder, 'node');
    if (
      await access(program).then(
        () => true,
        () => false,
      )
    )
      return program;
  }
  return undefined;
}

describe('the published form', () => {
  it('guards an action under the Node.js of this machine, with nothing else installed', async (t) => {
    const node = await nodeOfMachine();
    if (node === undefined) return t.skip('there is no Node.js on the PATH');
    const folder = await build();
    const standIn = await openStandIn();
    const program = `
      import { ApprovalRejected, createClient } from './dist/index.js';
      const client = createClient({ url: '${standIn.url}', secret: process.env.SECRET });
      const ran = await client.guard('dm.bulk_send', { recipients: 25 }, ({ details }) => details.recipients);
      const refused = await client.guard('dm.bulk_send', { recipients: 26 }, () => 'ran').catch((error) => error);
      console.log(JSON.stringify([ran, refused instanceof ApprovalRejected, process.versions.node]));
    `;
    await writeFile(join(folder, 'agent.js'), program);
    const agent = run(node, ['agent.js'], { cwd: folder, env: { SECRET: secret } });
    for (const decision of ['approved', 'rejected'] as const) {
      const pending = await eventually(() =>
        standIn.approvals.all().find(({ status }) => status === 'pending'),
      );
      standIn.approvals.decide(pending.id, decision);
    }
    const [ran, refused, version] = JSON.parse((await agent).stdout) as [number, boolean, string];
    expect([ran, refused]).toEqual([25, true]);
    expect(Number(version.split('.')[0])).toBeGreaterThanOrEqual(20);
  });

  it('has types that a strict program without Node.js types can use', async () => {
    const folder = await build();
    const program = `
      import { createClient, type Approval } from './dist/index.js';
      interface Charge { amount: number; customer: string }
      const charge: Charge = { amount: 1, customer: 'c' };
      const client = createClient({ url: 'http://127.0.0.1', secret: 's', fetch: globalThis.fetch });
      export const done: Promise<number> = client.guard('a', charge, ({ details }) => details.amount);
      export const approval: Promise<Approval> = client.requireApproval('a', charge);
      // @ts-expect-error -- details have no such member
      export const wrong = client.guard('a', charge, ({ details }) => details.total);
    `;
    await writeFile(join(folder, 'agent.ts'), program);
    const options = [
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--target',
      'es2022',
      '--lib',
      'es2023,dom',
      '--types',
      '',
    ];
    await run(tsc, [...options, '--ignoreConfig', 'agent.ts'], { cwd: folder });
  });
});
