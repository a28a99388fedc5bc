import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { describe, expect, it } from 'vitest';
import { processSettings } from '../../apps/supervisor/src/app-environment.ts';
import { apps } from '../../apps/supervisor/src/apps.ts';
import { planSecrets } from '../../apps/supervisor/src/containers/secret-plan.ts';
import { postgresSettings } from '../../packages/embedded/src/postgres-settings.ts';
import { secretSettings } from '../../packages/shared/src/env-file/secret-files.ts';
import { generatedNames } from '../../packages/shared/src/generated-secrets.ts';
import { isSecretSetting } from '../../packages/shared/src/secret-values.ts';
import { readComposeFile, readYaml, root, type Service } from './read-compose-file.ts';

const { services, networks, volumes } = readComposeFile();
const all = Object.entries(services);
const longRunning = all.filter(([, { restart }]) => restart !== 'no');
const once = ['secrets', 'migrate', 'cli', 'restore'];
const service = (name: string): Service => {
  const found = services[name];
  if (found === undefined) throw new Error(`docker-compose.yml has no service ${name}`);
  return found;
};

// Of the image, or given with the file: in the container each is as it has to be.
const ofImage = ['GATEWAY_HOST', 'GATEWAY_PORT', 'ACTP_CONTAINER', 'ACTP_DATA_DIR', 'ACTP_HEARTBEAT_FILE'];
// A runner that nobody told about a start takes its own for one.
const ofTheSupervisor = ['ACTP_START_ID', 'ACTP_LISTEN_FD', 'ACTP_ENV_FILE'];

const files = [
  'docker-compose.yml',
  'docker-compose.external-redis.yml',
  'docker-compose.external-database.yml',
];

describe('[OPS-001] the files of Compose', () => {
  it.each(files)('are as the Compose Specification has them: %s', (file) => {
    const schema = JSON.parse(readFileSync(join(import.meta.dirname, 'compose-spec.json'), 'utf8')) as object;
    const check = new Ajv2019({ strict: false, allErrors: true, validateFormats: false }).compile(schema);
    check(readYaml(file));
    expect(check.errors ?? []).toEqual([]);
  });

  it.each(files)('name no version, which newer readers warn about, and hold no secret: %s', (file) => {
    const text = readFileSync(join(root, file), 'utf8');
    expect(text).not.toMatch(/^version:/m);
    for (const [line, name = '', value = ''] of text.matchAll(/^\s*([A-Z_]+): (.*)$/gm)) {
      if (!isSecretSetting(name)) continue;
      expect(value, line).toMatch(/^(?:\$\{\w+:-\}|'@\/run\/secrets\/[\w-]+'|\/run\/secrets\/[\w-]+)$/);
    }
  });

  it('have every app of the plane, and what it needs', () => {
    expect(Object.keys(services).toSorted()).toEqual(
      [...apps.map(({ name }) => name), ...once, 'postgres', 'postgrest', 'rest', 'redis'].toSorted(),
    );
  });

  it('pin every image to one version', () => {
    const images = new Set(all.map(([, { image }]) => image));
    for (const image of images) {
      expect(image).toMatch(/^[\w./-]+:(?:\$\{ACTP_VERSION:-\d+\.\d+\.\d+\}|v?\d+\.\d+(?:\.\d+)?[\w.-]*)$/);
    }
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect([...images]).toContain(`actp-worker:\${ACTP_VERSION:-${version}}`);
  });
});

describe('[SEC-018] a service', () => {
  it.each(all)('has no more rights than it needs: %s', (_name, one) => {
    expect(one).toMatchObject({
      read_only: true,
      init: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    });
    expect(one.cap_add).toBeUndefined();
    expect(one.privileged).toBeUndefined();
    expect(one.user).toMatch(/^(?!root|0)\w/);
    expect(one.mem_limit).toMatch(/^\d+[mg]$/);
    expect(one.pids_limit).toBeLessThanOrEqual(500);
    // Folders of the image with the rights of everybody; any other loses them when the engine starts the container again.
    for (const folder of one.tmpfs)
      expect(folder).toMatch(/^(?:\/tmp:|\/var\/run\/postgresql:|\S+:\S*uid=1000)/);
    for (const volume of one.volumes) expect(volume).not.toContain('docker.sock');
  });

  it.each(all)('is reachable from this machine alone: %s', (name, one) => {
    expect(one.ports).toEqual(name === 'gateway' ? ['127.0.0.1:${GATEWAY_PORT:-8787}:8787'] : []);
    expect([undefined, 'none']).toContain(one.network_mode);
  });

  it('reaches the world outside only where its work is there', () => {
    const withWayOut = all.filter(([, one]) =>
      one.networks?.some((name) => networks[name]?.internal !== true),
    );
    expect(withWayOut.map(([name]) => name).toSorted()).toEqual(
      ['approval-bot', 'executor', 'gateway', 'inspector', 'scheduler', 'selftest-runner'].toSorted(),
    );
    const nextToPostgres = all.filter(([, one]) => one.networks?.includes('database'));
    expect(nextToPostgres.map(([name]) => name).toSorted()).toEqual(
      ['cli', 'migrate', 'postgres', 'postgrest', 'rest', 'restore'].toSorted(),
    );
  });

  it.each(all)('sees its own secrets and those of nobody else: %s', (name, one) => {
    const secrets = one.volumes.filter((volume) => volume.startsWith('secrets-'));
    const own = name === 'rest' ? [] : [`secrets-${name === 'restore' ? 'cli' : name}:/run/secrets:ro`];
    if (name !== 'secrets') expect(secrets).toEqual(own);
    else
      expect(secrets).toEqual(
        [...secrets.map((volume) => volume.split(':')[0] ?? '')].map(
          (volume) => `${volume}:/secrets/${volume.slice(8)}`,
        ),
      );
    for (const volume of one.volumes) {
      const [source = ''] = volume.split(':');
      if (!source.startsWith('.')) expect(Object.keys(volumes)).toContain(source);
    }
  });

  it.each(longRunning)('is started again, and is known to be well: %s', (name, one) => {
    expect(one.restart).toBe('unless-stopped');
    // Its image has nothing that could look; `rest` looks at it.
    if (name === 'postgrest') expect(service('rest').healthcheck?.test).toContain('postgrest');
    else expect(one.healthcheck).toBeDefined();
  });

  it.each(all.filter(([, { image }]) => image.startsWith('actp-worker')))(
    'has longer to stop than it takes at most: %s',
    (_name, one) => {
      // An app gives up two seconds before STOP_SECONDS.
      expect(one.stop_grace_period).toBe('${STOP_SECONDS:-10}s');
      if (one.environment['STOP_SECONDS'] !== undefined) {
        expect(one.environment['STOP_SECONDS']).toBe('${STOP_SECONDS:-10}');
      }
    },
  );

  it('starts when what it needs is well', () => {
    const last = apps.filter(({ stopsLast }) => stopsLast === true).map(({ name }) => name);
    expect(last).toEqual(['auditor']);
    for (const { name } of apps) {
      expect(service(name).depends_on).toEqual({
        // Compose stops what others depend on after them.
        ...(last.includes(name) ? {} : { auditor: { condition: 'service_started' } }),
        migrate: { condition: 'service_completed_successfully' },
        rest: { condition: 'service_healthy' },
        redis: { condition: 'service_healthy' },
      });
    }
    expect(service('migrate').depends_on).toEqual({
      secrets: { condition: 'service_completed_successfully' },
      postgres: { condition: 'service_healthy' },
    });
  });
});

describe('[SEC-020] an app in a container', () => {
  it.each(apps)('is what npm start runs: $name', ({ name, entry, semiSpace }) => {
    expect(service(name).command).toEqual(['node', `--max-semi-space-size=${semiSpace}`, entry]);
  });

  it.each(apps)('has the settings that it reads, and no other: $name', ({ name, settings }) => {
    const wanted = [...settings, ...processSettings].filter(
      (one) => !isSecretSetting(one) && !ofImage.includes(one) && !ofTheSupervisor.includes(one),
    );
    expect(Object.keys(service(name).environment).toSorted()).toEqual(wanted.toSorted());
  });

  const secrets = Object.fromEntries(
    [...secretSettings, ...generatedNames].map((name) => [name, `value-of-${name}`]),
  );

  it.each(apps)('finds the secrets that it reads, and no other: $name', ({ name, settings }) => {
    const wanted = [...settings, ...processSettings].filter(isSecretSetting);
    const plan = planSecrets(secrets)[name] ?? {};
    expect(Object.keys(plan).toSorted()).toEqual([...wanted, 'DATABASE_APP_KEY'].toSorted());
  });

  it('can have every secret from .env', () => {
    const read = new Set(
      apps.flatMap(({ settings }) => [...settings, ...processSettings].filter(isSecretSetting)),
    );
    const asked = Object.entries(service('secrets').environment);
    for (const name of [...read, ...generatedNames, 'DATABASE_URL']) {
      expect(asked).toContainEqual([name, `\${${name}:-}`]);
    }
  });
});

it('[SEC-009] Postgres runs with the settings of npm start', () => {
  const given = service('postgres').command?.slice(1) ?? [];
  const ours = postgresSettings(0, 100, false)
    .filter((word) => word !== '-c' && !/^(?:port|listen_addresses|unix_socket_directories)=/.test(word))
    .map((word) => `-c${word}`);
  expect(given).toEqual(ours);
});
