import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const Manifest = z.object({ version: z.string() });

/** The version of this program. */
export const programVersion = (root: string): string =>
  Manifest.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))).version;
