import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createConsoleOutput } from './console-output.ts';

function output(terminal: boolean) {
  const stream = new PassThrough();
  const out = createConsoleOutput({ stream, terminal, prefixWidth: 9 });
  return { out, written: () => String(stream.read() ?? '') };
}

describe('the console', () => {
  it('puts a prefix before every line, without colour when it is no terminal', () => {
    const { out, written } = output(false);
    out.line('gateway', 'listening', 'error');
    out.line('scheduler', 'started');
    out.progress('Starting Postgres ... 0.1 s');
    out.say('ready');
    expect(written()).toBe('gateway   | listening\nscheduler | started\nready\n');
  });

  it('gives every app a colour of its own on a terminal', () => {
    const { out, written } = output(true);
    out.line('gateway', 'one');
    out.line('scheduler', 'two');
    const colours = written()
      .split('\u001b[')
      .map((piece) => Number.parseInt(piece, 10))
      .filter((code) => code > 0);
    expect(colours).toEqual([36, 35]);
  });

  it('replaces a progress line on a terminal', () => {
    const { out, written } = output(true);
    out.progress('Starting ...');
    out.say('Started');
    expect(written()).toBe('\r\u001b[KStarting ...\r\u001b[KStarted\n');
  });
});
