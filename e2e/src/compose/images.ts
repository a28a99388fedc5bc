import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { BaseImages } from './base-images.ts';
import type { Engine } from './engine.ts';
import { mustRun, run } from './run.ts';

const root = join(import.meta.dirname, '../../..');

/** The images that docker-compose.yml and the Dockerfile start from. */
export async function baseImages(): Promise<BaseImages> {
  const file = z
    .object({ services: z.record(z.string(), z.object({ image: z.string().optional() })) })
    .parse(parse(await readFile(join(root, 'docker-compose.yml'), 'utf8'), { merge: true }));
  const imageOf = (service: string) => file.services[service]?.image ?? '';
  const [, node = ''] =
    /^ARG NODE_IMAGE=(\S+)$/m.exec(await readFile(join(root, 'Dockerfile'), 'utf8')) ?? [];
  return { node, postgres: imageOf('postgres'), postgrest: imageOf('postgrest'), redis: imageOf('redis') };
}

/** Builds the two images of a checkout under a version. */
export async function buildImages(engine: Engine, folder: string, version: string): Promise<void> {
  for (const [target, name] of [
    ['app', 'actp-worker'],
    ['migrate', 'actp-worker-migrate'],
  ] as const) {
    await engine.docker(['build', '--quiet', '--target', target, '--tag', `${name}:${version}`, folder]);
  }
}

/** The same for an earlier revision. @returns the revision; undefined when there is none with a Dockerfile */
export async function buildEarlier(
  engine: Engine,
  folder: string,
  version: string,
  ref?: string,
): Promise<string | undefined> {
  const revision = ref ?? 'HEAD~1';
  const git = ['git', '-C', root];
  const { code, out } = await run([...git, 'rev-parse', '--short', revision]);
  if (code !== 0 || (await run([...git, 'cat-file', '-e', `${revision}:Dockerfile`])).code !== 0)
    return undefined;
  const tree = join(folder, 'earlier');
  await mkdir(tree);
  await mustRun(['sh', '-c', `git -C "$0" archive "$1" | tar -x -C "$2"`, root, revision, tree]);
  await buildImages(engine, tree, version);
  await rm(tree, { recursive: true });
  return out.trim();
}
