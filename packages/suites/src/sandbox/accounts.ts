import { readFile } from 'node:fs/promises';
import type { Account } from './isolation.ts';

/** The account with this number, as the system lists it. */
export async function accountOf(uid: number, gid: number): Promise<Account> {
  const fields = (await linesOf('/etc/passwd')).find((entry) => entry[2] === String(uid));
  const [name, , , group, , home] = fields ?? [];
  if (name === undefined || home === undefined) return { uid, gid };
  return { uid, gid: Number(group), entry: { name, home } };
}

/** Every group of an account, by number. */
export async function groupsOf({ gid, entry }: Account): Promise<number[]> {
  const groups = await linesOf('/etc/group');
  const further = groups.filter(
    ([, , , members = '']) => entry !== undefined && members.split(',').includes(entry.name),
  );
  return [...new Set([gid, ...further.map(([, , number]) => Number(number))])];
}

async function linesOf(path: string): Promise<string[][]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.split('\n').map((line) => line.split(':'));
}
