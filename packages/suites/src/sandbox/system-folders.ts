import { realpath } from 'node:fs/promises';
import { isInside } from './is-inside.ts';

/** What the system itself runs, or starts from. */
export const systemFolders = [
  ...['/bin', '/boot', '/dev', '/etc', '/lib', '/lib32', '/lib64', '/libx32', '/proc', '/root', '/run'],
  ...['/sbin', '/sys', '/usr', '/var'],
];
// Everybody's, whatever they are called.
const ofEverybody = ['/var/tmp', '/var/folders'];

/**
 * The system's folder to which a link has led, or the home folder: these count only when the configuration itself names them.
 *
 * @param named absolute and normal, as the configuration has it
 * @param real where that leads
 */
export async function unnamedSystemFolder(named: string, real: string, home: string): Promise<string | null> {
  const realOf = (path: string) => realpath(path).catch(() => path);
  const realHome = await realOf(home);
  const everybody = await Promise.all(ofEverybody.map(realOf));
  if (everybody.some((folder) => isInside(real, folder))) return null;
  for (const folder of [...systemFolders, home]) {
    const itself = await realOf(folder);
    const holds = isInside(itself, real);
    if (holds && !isInside(itself, named) && !isInside(folder, named)) return folder;
    // The home folder of some systems stands in such a folder, and projects stand in it.
    if (folder === home || isInside(real, realHome)) continue;
    if (isInside(real, itself) && !isInside(named, itself) && !isInside(named, folder)) return folder;
  }
  const dotted = hiddenPart(real, realHome);
  if (dotted === null) return null;
  return [home, realHome].some((at) => hiddenPart(named, at) === dotted) ? null : `${realHome}/${dotted}`;
}

/** The first name below the home folder, when it begins with a dot: what programs and shells read. */
function hiddenPart(path: string, home: string): string | null {
  if (!isInside(path, home)) return null;
  const name = path.slice(home.length + 1).split('/')[0] ?? '';
  return name.startsWith('.') ? name : null;
}
