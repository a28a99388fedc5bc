import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { atEnd } from '@actp/testing/at-end';
import { processArguments } from './process-arguments.ts';
import { sockets } from './sockets.ts';

const signal = new AbortController().signal;
const token = ['ghp', 'Xk29fLq7ZtWv3RbN8mYc5HsJd1GpEa6UoT4i'].join('_');

/** A program that listens there, says so, and waits. */
async function listening(host: string, ...more: string[]): Promise<{ pid: number; port: number }> {
  const program = `require('net').createServer().listen(0, ${JSON.stringify(host)}, function () { console.log(this.address().port) })`;
  const child = spawn(process.execPath, ['-e', program, '--', ...more], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  atEnd(() => void child.kill('SIGKILL'));
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { pid: child.pid ?? 0, port: Number(line.toString()) };
}

describe('[SEC-018] sockets of the plane and its services', () => {
  it.each([
    ['127.0.0.1', false],
    ['::1', false],
    ['0.0.0.0', true],
    ['::', true],
  ])('on %s: a finding is %s', async (host, expected) => {
    const { pid, port } = await listening(host);
    const review = await sockets.review({ rootPid: pid, servicePorts: [], signal });
    expect(review.verdict).toBe(expected ? 'findings' : 'clean');
    if (expected) expect(review.observations[0]?.title).toBe(`Port ${port} listens on every address`);
    // As the port of a configured service, whoever listens there.
    const service = await sockets.review({ rootPid: process.pid, servicePorts: [port], signal });
    expect(service.observations.some(({ about }) => about[0]?.endsWith(`:${port}`))).toBe(expected);
  });
});

describe('[SEC-020] arguments of processes', () => {
  it('that hold a secret are a finding, without the secret', async () => {
    const { pid } = await listening('127.0.0.1', `--token=${token}`);
    const review = await processArguments.review({ rootPid: pid, servicePorts: [], signal });
    expect(review.observations).toMatchObject([{ kind: 'argument', severity: 'high' }]);
    expect(JSON.stringify(review)).not.toContain(token);
    const clean = await listening('127.0.0.1', '--token-file=/run/token');
    expect(await processArguments.review({ rootPid: clean.pid, servicePorts: [], signal })).toMatchObject({
      verdict: 'clean',
    });
  });
});
