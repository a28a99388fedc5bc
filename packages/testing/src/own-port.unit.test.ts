import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { expect, it } from 'vitest';
import { isPortFree } from '@actp/embedded/free-port';
import { ownPort } from './own-port.ts';

it('is nobody else’s, also of another process, and is free to listen on', async () => {
  const port = await ownPort();
  expect(await isPortFree(port)).toBe(true);
  const claim = `require('dgram').createSocket('udp4').bind(${port}, '127.0.0.1').on('error', (e) => console.log(e.code)).on('listening', () => process.exit())`;
  expect(spawnSync(process.execPath, ['-e', claim], { encoding: 'utf8' }).stdout.trim()).toBe('EADDRINUSE');
});

it('is another one each time', async () => {
  const ports = await Promise.all(Array.from({ length: 100 }, ownPort));
  expect(new Set(ports).size).toBe(100);
});
