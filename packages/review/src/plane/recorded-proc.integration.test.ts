import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { atEnd } from '@actp/testing/at-end';
import { toFinding } from '../findings/finding.ts';
import { processArguments } from './process-arguments.ts';
import { sockets } from './sockets.ts';

const dir = await mkdtemp(join(tmpdir(), 'actp-proc-'));
atEnd(() => rm(dir, { recursive: true, force: true }));
const { signal } = new AbortController();
const token = ['ghp', 'Xk29fLq7ZtWv3RbN8mYc5HsJd1GpEa6UoT4i'].join('_');

interface Process {
  pid: number;
  parent: number;
  name?: string;
  words?: string[];
  /** Inodes of its sockets; undefined: this account may not see them. */
  inodes?: number[] | undefined;
}
const head =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
/** A line as the kernel writes it. */
const row = (address: string, port: number, inode: number, state = '0A') =>
  `   0: ${address}:${port.toString(16).toUpperCase().padStart(4, '0')} ${'0'.repeat(address.length)}:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0000000000000000 100 0 0 10 0\n`;

/** What the kernel would show of these processes and sockets. */
async function recorded(processes: readonly Process[], tables: Record<string, string>): Promise<string> {
  const proc = await mkdtemp(join(dir, 'proc-'));
  await mkdir(join(proc, 'net'));
  for (const [name, rows] of Object.entries(tables)) await writeFile(join(proc, 'net', name), head + rows);
  for (const { pid, parent, name = 'node', words = ['node'], inodes } of processes) {
    const folder = join(proc, String(pid));
    await mkdir(folder);
    await writeFile(join(folder, 'stat'), `${pid} (${name}) S ${parent} 1 1 0\n`);
    await writeFile(join(folder, 'cmdline'), words.map((word) => `${word}\0`).join(''), 'latin1');
    if (inodes === undefined) await writeFile(join(folder, 'fd'), '');
    else await mkdir(join(folder, 'fd'));
    for (const inode of inodes ?? []) await symlink(`socket:[${inode}]`, join(folder, 'fd', String(inode)));
  }
  return proc;
}
const root: Process = { pid: 10, parent: 1, inodes: [] };
const listen = async (proc: string, servicePorts: number[] | undefined = []) => {
  const review = await sockets.review({ rootPid: 10, servicePorts, proc, signal });
  return { ...review, titles: review.observations.map((seen) => toFinding('plane', seen).title) };
};

describe('[SEC-018] what the kernel says of sockets', () => {
  it.each([
    ['tcp', '00000000', 'every address'],
    ['tcp', '0A00020F', '15.2.0.10'],
    ['tcp', '0100007F', null],
    ['tcp', '3500007F', null],
    ['tcp6', '00000000000000000000000000000000', 'every address'],
    ['tcp6', '0000000000000000FFFF000000000000', 'every address'],
    ['tcp6', '0000000000000000FFFF00000100007F', null],
    ['tcp6', '00000000000000000000000001000000', null],
    ['tcp6', 'B80D0120000000000000000001000000', '[2001:db8:0:0:0:0:0:1]'],
    ['tcp6', '000080FE00000000FF565002BEADDE50', '[fe80:0:0:0:250:56ff:50de:adbe]'],
  ])('%s %s: %s', async (table, address, where) => {
    const tables = { tcp: '', [table]: `${row(address, 8_080, 7)}${row(address, 9_090, 8, '01')}` };
    const proc = await recorded([root, { pid: 11, parent: 10, inodes: [7, 8] }], tables);
    const { verdict, titles } = await listen(proc);
    expect({ verdict, titles }).toEqual(
      where === null
        ? { verdict: 'clean', titles: [] }
        : { verdict: 'findings', titles: [`Port 8080 listens on ${where}`] },
    );
  });

  it('counts for the processes of the plane and the ports of its services, and for no other', async () => {
    const tables = { tcp: row('00000000', 1_111, 1) + row('00000000', 2_222, 2) + row('00000000', 3_333, 3) };
    // Names of programs may hold brackets and numbers.
    const hostile = 'x) S 1 (y \u001B[2J';
    const processes = [
      root,
      { pid: 11, parent: 10, name: hostile, inodes: [1] },
      { pid: 12, parent: 1, name: ') S 10 ', inodes: [2, 3] },
    ];
    const proc = await recorded(processes, tables);
    expect((await listen(proc)).titles).toEqual(['Port 1111 listens on every address']);
    expect((await listen(proc, [3_333])).titles).toEqual([
      'Port 1111 listens on every address',
      'Port 3333 listens on every address',
    ]);
  });

  it('is unavailable, never clean, when something of it cannot be seen', async () => {
    const seen = row('00000000', 1_111, 1);
    const hidden = await listen(await recorded([root, { pid: 11, parent: 10 }], { tcp: seen }));
    expect(hidden).toMatchObject({
      verdict: 'unavailable',
      reason: expect.stringContaining('1 processes') as string,
    });
    expect(await listen(await recorded([root], {}))).toMatchObject({ verdict: 'unavailable' });
    expect(await listen(join(dir, 'nowhere'))).toMatchObject({ verdict: 'unavailable' });
    const gone = await recorded([{ pid: 12, parent: 1, inodes: [] }], { tcp: seen });
    expect(await listen(gone)).toMatchObject({
      verdict: 'unavailable',
      reason: expect.stringContaining('not there') as string,
    });
    const review = await sockets.review({
      rootPid: 10,
      servicePorts: undefined,
      proc: await recorded([root], { tcp: '' }),
      signal,
    });
    expect(review).toMatchObject({
      verdict: 'unavailable',
      reason: expect.stringContaining('SELFTEST_CONFIG') as string,
    });
  });
});

describe('[SEC-020] what the kernel says of arguments', () => {
  const read = (proc: string) => processArguments.review({ rootPid: 10, servicePorts: [], proc, signal });

  it('shows secrets far behind, in two words, and under hostile names, without them', async () => {
    const processes = [
      root,
      {
        pid: 11,
        parent: 10,
        words: [
          '/usr/bin/one',
          ...Array.from({ length: 40_000 }, () => '--an-argument-of-many'),
          `--token=${token}`,
        ],
      },
      { pid: 12, parent: 11, words: ['two', '--token', token] },
      { pid: 13, parent: 11, words: [`\u001B]0;title\u0007\u001B[2J/${'three'.repeat(900)}`, token] },
      { pid: 14, parent: 11, words: [`node server.js --token=${token}`] },
      { pid: 15, parent: 1, words: ['not-ours', token] },
    ];
    const review = await read(await recorded(processes, {}));
    const findings = review.observations.map((seen) => toFinding('plane', seen));
    expect(review.verdict).toBe('findings');
    expect(findings).toHaveLength(4);
    expect(findings[0]?.title).toMatch(/^The arguments of one hold a secret/);
    const text = findings.map(({ title, detail }) => title + detail).join('\n');
    expect(text).not.toContain(token);
    expect(text).not.toMatch(/\p{Cc}(?<!\n)/u);
    for (const { title } of findings) expect(title.length).toBeLessThan(200);
  });

  it('is unavailable, never clean, when a process cannot be looked at or is gone', async () => {
    const proc = await recorded([root, { pid: 11, parent: 10 }], {});
    await rm(join(proc, '11/cmdline'));
    expect(await read(proc)).toMatchObject({ verdict: 'clean' });
    await mkdir(join(proc, '11/cmdline'));
    expect(await read(proc)).toMatchObject({
      verdict: 'unavailable',
      reason: expect.stringContaining('1 processes') as string,
    });
    expect(await read(await recorded([{ pid: 12, parent: 1 }], {}))).toMatchObject({
      verdict: 'unavailable',
    });
    expect(await read(join(dir, 'nowhere'))).toMatchObject({ verdict: 'unavailable' });
  });
});
