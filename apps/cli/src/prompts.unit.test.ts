import { PassThrough, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createPrompts } from './prompts.ts';

function terminal() {
  const raw: boolean[] = [];
  const input = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (mode: boolean) => void raw.push(mode),
  });
  let [written, echoing] = ['', ''];
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      written += String(chunk);
      if (raw.at(-1) !== true) echoing += String(chunk);
      done();
    },
  });
  return {
    raw,
    input,
    written: () => written,
    whileEchoing: () => echoing,
    prompts: createPrompts(input, output),
  };
}

describe('a question at a terminal', () => {
  it('is answered by a line, and shows no password', async () => {
    const { input, prompts, written, whileEchoing, raw } = terminal();
    const name = prompts.ask('Name: ', '');
    input.write('ada\r');
    expect(await name).toBe('ada');
    const password = prompts.askHidden('Password: ', '');
    input.write('s3cr\u007fret\r');
    expect(await password).toBe('s3cret');
    expect(written()).toContain('ada');
    expect(written()).not.toMatch(/s3c|ret/);
    expect(raw.at(-1)).toBe(false);
    // Who answers at once is not shown either.
    expect(whileEchoing()).not.toContain('Password');
  });

  it.each([
    ['Ctrl-C', '\u0003', { exitCode: 130, message: '\nInterrupted. Nothing was decided.' }],
    ['Ctrl-D', '\u0004', { exitCode: 1, message: '\nNo answer. Nothing was decided.' }],
  ])('has no answer after %s, and leaves the terminal as it was', async (_key, typed, error) => {
    for (const ask of ['ask', 'askHidden'] as const) {
      const { input, prompts, raw } = terminal();
      const answer = prompts[ask]('? ', 'Nothing was decided.');
      input.write(typed);
      await expect(answer).rejects.toMatchObject(error);
      expect(raw.at(-1)).toBe(false);
    }
  });

  it('of a command goes on below what is written meanwhile', async () => {
    const { input, prompts, written } = terminal();
    const command = prompts.command('> ');
    input.write('sho');
    command.above(() => undefined);
    input.write('w\r');
    expect(await command.line).toBe('show');
    expect(written()).toContain('\r\u001b[K');
  });
});

describe('a question without a terminal', () => {
  it('takes the lines that are piped in, one after the other, also the early ones', async () => {
    const input = new PassThrough();
    const prompts = createPrompts(input, new PassThrough());
    input.end('one\ntwo\n');
    expect(await prompts.askHidden('', '')).toBe('one');
    expect(await prompts.ask('', '')).toBe('two');
    await expect(prompts.ask('', 'Nothing was decided.')).rejects.toMatchObject({
      exitCode: 1,
      message: 'No answer on standard input. Nothing was decided.',
    });
    prompts.close();
  });
});
