import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { SandboxTools } from './isolation.ts';

// The system's own first: what stands elsewhere on the PATH may be somebody else's.
const systemFolders = ['/usr/bin', '/bin', '/usr/sbin', '/sbin', '/usr/local/bin', '/usr/local/sbin'];

/** Finds the programs that make sandboxes. */
export async function findTools(searchPath = ''): Promise<SandboxTools> {
  const folders = [
    ...systemFolders,
    ...searchPath.split(delimiter).filter((folder) => folder.startsWith('/')),
  ];
  const find = async (name: string) => {
    for (const folder of folders) {
      const path = join(folder, name);
      const there = await access(path, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (there) return path;
    }
    return undefined;
  };
  const [unshare, setpriv, mount, umount, pivotRoot, bubblewrap] = await Promise.all(
    ['unshare', 'setpriv', 'mount', 'umount', 'pivot_root', 'bwrap'].map(find),
  );
  return {
    sh: '/bin/sh',
    ...(unshare === undefined ? {} : { unshare }),
    ...(setpriv === undefined ? {} : { setpriv }),
    ...(mount === undefined ? {} : { mount }),
    ...(umount === undefined ? {} : { umount }),
    ...(pivotRoot === undefined ? {} : { pivotRoot }),
    ...(bubblewrap === undefined ? {} : { bubblewrap }),
  };
}
