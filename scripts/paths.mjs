// Where the scripts find things.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repositoryRoot = fileURLToPath(new URL('..', import.meta.url));

/** The package manager, in the version that made pnpm-lock.yaml; run with npx. */
export const pnpmSpec = 'pnpm@12.21.0';

/** A program that a dependency brings. */
export const binary = (name) => join(repositoryRoot, 'node_modules', '.bin', name);

/** What Node.js has compiled, kept from start to start. */
export const compileCache = join(repositoryRoot, 'node_modules', '.cache', 'compiled');

/** Node.js 24, which runs everything but these scripts. */
export const node24 = binary('node');
