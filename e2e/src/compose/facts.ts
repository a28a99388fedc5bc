import { z } from 'zod';
import type { Engine } from './engine.ts';
import type { Stack } from './stack.ts';

const Container = z.object({
  Config: z.object({ User: z.string(), Env: z.array(z.string()), Labels: z.record(z.string(), z.string()) }),
  HostConfig: z.object({
    ReadonlyRootfs: z.boolean(),
    CapDrop: z.array(z.string()).nullable(),
    SecurityOpt: z.array(z.string()).nullable(),
    Memory: z.number(),
    PidsLimit: z.number().nullable(),
  }),
  NetworkSettings: z.object({
    Ports: z.record(z.string(), z.array(z.object({ HostIp: z.string(), HostPort: z.string() })).nullable()),
  }),
});

export interface Exposure {
  /** What of the plane can be reached on this machine: address and port. */
  published: string[];
  /** What a container may that it should not. */
  problems: string[];
}

/** What listens where, and what the engine really lets each container do. */
export async function lookAtContainers(
  engine: Engine,
  stack: Stack,
  secrets: readonly string[],
): Promise<Exposure> {
  const ids = [...(await stack.containers()).values()].map(({ id }) => id);
  const found = z.array(Container).parse(JSON.parse(await engine.docker(['inspect', ...ids])));
  const published: string[] = [];
  const problems: string[] = [];
  for (const { Config, HostConfig, NetworkSettings } of found) {
    const service = Config.Labels['com.docker.compose.service'] ?? '';
    for (const ports of Object.values(NetworkSettings.Ports)) {
      published.push(...(ports ?? []).map(({ HostIp, HostPort }) => `${HostIp}:${HostPort} ${service}`));
    }
    const wrong = [
      /^(?:|0|root)$/.test(Config.User) && 'runs as root',
      !HostConfig.ReadonlyRootfs && 'may write its root file system',
      HostConfig.CapDrop?.includes('ALL') !== true && 'keeps capabilities',
      HostConfig.SecurityOpt?.some((option) => option.startsWith('no-new-privileges')) !== true &&
        'may gain privileges',
      HostConfig.Memory === 0 && 'has no limit of memory',
      !HostConfig.PidsLimit && 'has no limit of processes',
      secrets.some((secret) => Config.Env.some((entry) => entry.includes(secret))) &&
        'has a secret in its environment',
    ].filter((problem) => problem !== false);
    problems.push(...wrong.map((problem) => `${service} ${problem}`));
  }
  problems.push(
    ...published
      .filter((one) => !one.startsWith('127.0.0.1:'))
      .map((one) => `${one} is reachable from other machines`),
  );
  return { published, problems };
}

/** Memory that the containers use, in MiB by service. */
export async function memory(engine: Engine, stack: Stack): Promise<Record<string, number>> {
  const containers = await stack.containers();
  const ids = [...containers.values()].map(({ id }) => id);
  const out = await engine.docker([
    'stats',
    '--no-stream',
    '--no-trunc',
    '--format',
    '{{.ID}} {{.MemUsage}}',
    ...ids,
  ]);
  const used = new Map(
    out.split('\n').map((line) => [line.split(' ')[0] ?? '', mebibytes(line.split(' ')[1] ?? '')]),
  );
  return Object.fromEntries([...containers].map(([service, { id }]) => [service, used.get(id) ?? 0]));
}

const units: Readonly<Record<string, number>> = { B: 1 / 1_048_576, KiB: 1 / 1_024, MiB: 1, GiB: 1_024 };

function mebibytes(text: string): number {
  const [, amount = '0', unit = 'B'] = /^([\d.]+)(\w+)$/.exec(text) ?? [];
  return Math.round(Number(amount) * (units[unit] ?? 0) * 10) / 10;
}

/** Megabytes of an image, without those of its base. */
export async function imageMegabytes(engine: Engine, image: string, base: string): Promise<number> {
  const size = async (name: string) =>
    Number(await engine.docker(['image', 'inspect', '--format', '{{.Size}}', name]));
  return Math.round(((await size(image)) - (await size(base))) / 100_000) / 10;
}
