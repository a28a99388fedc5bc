import { expect, it } from 'vitest';
import type { ChangeHub, Versioned } from './hub.ts';
import { waitForChange } from './wait.ts';

/** A hub with these versions, one after the other; each look but the first comes after a change. */
function hubWith(...versions: number[]) {
  const closing = new AbortController();
  const did: string[] = [];
  const hub = {
    closing: closing.signal,
    follow: (id: string) => ({
      look: async () => {
        did.push(`look ${id}`);
        const version = versions.shift();
        if (version === undefined) throw new Error('away');
        return { version };
      },
      changed: (over: AbortSignal) =>
        new Promise<boolean>((resolve) => {
          if (versions.length > 0) resolve(true);
          else if (over.aborted) resolve(false);
          else over.addEventListener('abort', () => resolve(false));
        }),
      end: () => void did.push('end'),
    }),
  } as unknown as ChangeHub<Versioned>; // of a hub, only this
  return { hub, closing, did };
}
const forever = () => new AbortController().signal;
const third = ({ version }: Versioned) => version === 3;

it('reads until it is what the caller waits for', async () => {
  const { hub, did } = hubWith(1, 2, 3, 4);
  expect(await waitForChange(hub, 'a', 60_000, third, forever())).toEqual({ version: 3 });
  expect(did).toEqual(['look a', 'look a', 'look a', 'end']);
});

it('reads once when nobody wants to wait', async () => {
  const { hub, did } = hubWith(1, 2, 3);
  expect(await waitForChange(hub, 'a', 0, third, forever())).toEqual({ version: 1 });
  expect(did).toEqual(['look a', 'end']);
});

it.each(['time', 'caller', 'process'])('gives what is when it is over for the %s', async (whose) => {
  const { hub, closing, did } = hubWith(1);
  const gone = new AbortController();
  const waiting = waitForChange(hub, 'a', whose === 'time' ? 5 : 60_000, third, gone.signal);
  if (whose === 'caller') gone.abort();
  if (whose === 'process') closing.abort();
  expect(await waiting).toEqual({ version: 1 });
  expect(did.at(-1)).toBe('end');
});

it('follows no more when it cannot be read', async () => {
  const { hub, did } = hubWith();
  await expect(waitForChange(hub, 'a', 60_000, third, forever())).rejects.toThrow('away');
  expect(did).toEqual(['look a', 'end']);
});
