import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

export const root = join(import.meta.dirname, '../..');

const Health = z.object({ test: z.array(z.string()), interval: z.string(), timeout: z.string() });

const Service = z.object({
  image: z.string(),
  user: z.string().optional(),
  command: z.array(z.string()).optional(),
  restart: z.string(),
  init: z.boolean(),
  read_only: z.boolean(),
  privileged: z.boolean().optional(),
  cap_add: z.array(z.string()).optional(),
  cap_drop: z.array(z.string()),
  security_opt: z.array(z.string()),
  mem_limit: z.string(),
  pids_limit: z.number(),
  stop_grace_period: z.string(),
  network_mode: z.string().optional(),
  networks: z.array(z.string()).optional(),
  ports: z.array(z.string()).default([]),
  environment: z.record(z.string(), z.string()).default({}),
  volumes: z.array(z.string()).default([]),
  tmpfs: z.array(z.string()).default([]),
  healthcheck: Health.optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  profiles: z.array(z.string()).optional(),
});

const ComposeFile = z.object({
  services: z.record(z.string(), Service),
  networks: z.record(z.string(), z.object({ internal: z.boolean().optional() })),
  volumes: z.record(z.string(), z.object({})),
});

export type Service = z.infer<typeof Service>;

/** A file of Compose as it is written, with its anchors and merges put in. */
export const readYaml = (file: string): unknown =>
  parse(readFileSync(join(root, file), 'utf8'), { merge: true });

/** docker-compose.yml, with variables as they are written. */
export const readComposeFile = (): z.infer<typeof ComposeFile> =>
  ComposeFile.parse(readYaml('docker-compose.yml'));
