// After packing: the manifest is the repository's again.
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('..', import.meta.url));
const kept = join(folder, '.package.json.kept');
if (existsSync(kept)) renameSync(kept, join(folder, 'package.json'));
rmSync(join(folder, 'LICENSE'), { force: true });
