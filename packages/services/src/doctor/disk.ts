import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fail, ok, warn, type Check } from './finding.ts';

const name = 'disk';
const megabyte = 1024 * 1024;
// A start asks for that much.
const least = 300 * megabyte;
const little = 1024 * megabyte;

/**
 * How much the disk of the data folder has left.
 *
 * @param freeBytes for tests
 */
export const diskCheck = (
  dataDir: string,
  freeBytes: (path: string) => Promise<number> = bytesFree,
): Check => ({
  name,
  async look() {
    const free = await freeBytes(dataDir);
    const said = free < 10 * little ? `${Math.floor(free / megabyte)} MB` : `${Math.floor(free / little)} GB`;
    const detail = `${said} free where the data folder is`;
    const remedy = 'Free some space, or move ACTP_DATA_DIR to another disk while the plane is stopped';
    if (free < least) return fail(name, `${detail}; 300 MB are needed`, remedy);
    if (free < little) return warn(name, detail, remedy);
    return ok(name, detail);
  },
});

// Of the nearest folder that is there: that of the first start is not.
async function bytesFree(path: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  } catch (error) {
    if (dirname(path) === path) throw error;
    return bytesFree(dirname(path));
  }
}
