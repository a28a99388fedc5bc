import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { openStores } from '@actp/testing/stores';
import type { Cli } from '../../command.ts';
import { accept } from './accept.ts';

const stores = await openStores();
const hold = () =>
  stores.sql.query(
    `update actp_audit.plane set held_code = 'behind', held_reason = 'it is older', held_at = now(), held_stopped = '[]'`,
  );
const held = async () => {
  const { rows } = await stores.sql.query<{ code: string | null }>(`select plane_hold() ->> 'code' as code`);
  return rows[0]?.code ?? null;
};

/** The command with what stands on standard input, as far as it uses the rest. */
async function run(answer: string | undefined, options: { yes?: boolean } = {}) {
  const input = new PassThrough();
  input.end(answer);
  const said: string[] = [];
  const cli = {
    plane: { database: () => Promise.resolve(stores.env) },
    input,
    err: new PassThrough(),
    say: (line: string) => void said.push(line),
  } as unknown as Cli;
  await accept(cli, { newSigningKey: false, yes: false, json: false, ...options });
  return said.join('\n');
}

describe('accepting a database that may be an older copy', () => {
  it.each([undefined, '\n', 'yes\n', 'y\n', 'accepted\n', 'no\naccept\n'])(
    'needs the very word, and changes nothing with %j',
    async (answer) => {
      await hold();
      await expect(run(answer)).rejects.toThrow('Nothing was changed.');
      expect(await held()).toBe('behind');
    },
  );

  it('says before what it will do, and does it with the word, or without asking when told so', async () => {
    for (const [answer, options] of [
      ['accept\n', {}],
      [undefined, { yes: true }],
    ] as const) {
      await hold();
      const said = await run(answer, options);
      expect(said).toMatch(
        /^Held: it is older\n[^]*voids \d+ open and \d+ granted approvals[^]*no longer held/,
      );
      expect(await held()).not.toBe('behind');
    }
  });
});
