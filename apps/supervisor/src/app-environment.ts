import type { StackEnv } from '@actp/embedded/stack-env';
import { databaseAppKey, type DatabaseApp } from '@actp/db/access/app-key';
import type { Environment } from '@actp/shared/env-file/merge';
import { secretFileSettings } from '@actp/shared/env-file/secret-files';
import { generatedNames } from '@actp/shared/generated-secrets';
import { settings as planeSettings } from '@actp/shared/settings';
import type { AppSpec } from './apps.ts';
import { withoutInspector } from './node-options.ts';

/** What every process of ours reads. */
export const processSettings: readonly string[] = [
  'LOG_LEVEL',
  'STOP_SECONDS',
  'REDACTION_KEY',
  'ACTP_HEARTBEAT_FILE',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_HEADERS',
  'OTEL_TRACES_SAMPLER',
  'OTEL_TRACES_SAMPLER_ARG',
];

/** By which whoever looks at a process sees to which copy it belongs. */
const copySettings = ['GATEWAY_PORT', 'ACTP_DATA_DIR'];

// What a program may need of the system that it runs on. Nothing of ours is called like that, nor are secrets of others.
const system = new Set(
  [
    'PATH HOME USER LOGNAME SHELL PWD HOSTNAME TMPDIR TMP TEMP TERM COLORTERM NO_COLOR FORCE_COLOR CI TZ LANG LANGUAGE',
    'HTTP_PROXY HTTPS_PROXY NO_PROXY ALL_PROXY http_proxy https_proxy no_proxy all_proxy',
    'SSL_CERT_FILE SSL_CERT_DIR OPENSSL_CONF OPENSSL_MODULES LD_LIBRARY_PATH LD_PRELOAD',
    'NODE_OPTIONS NODE_ENV NODE_EXTRA_CA_CERTS NODE_USE_ENV_PROXY NODE_USE_SYSTEM_CA NODE_TLS_REJECT_UNAUTHORIZED',
    'NODE_COMPILE_CACHE NODE_V8_COVERAGE NODE_DEBUG NODE_NO_WARNINGS NODE_ICU_DATA UV_THREADPOOL_SIZE',
  ].flatMap((names) => names.split(' ')),
);
const systemFamilies = /^(?:LC_|OTEL_|XDG_)[A-Z0-9_]+$/;

/** As which app of the database each one is known. */
export const databaseAppOf: Readonly<Record<string, DatabaseApp>> = {
  gateway: 'gateway',
  'approval-bot': 'bot',
  scheduler: 'scheduler',
  'selftest-runner': 'runner',
  auditor: 'auditor',
  executor: 'executor',
  inspector: 'inspector',
};

/**
 * What an app finds in its environment: the settings that it reads, with the embedded stores' addresses put in, and what
 * programs need of the system. Whatever is not listed stays out: a secret that is added tomorrow reaches nobody by itself. A
 * debugger is never opened.
 *
 * @param settings environment and `.env`, merged
 */
export function appEnvironment(app: AppSpec, settings: Environment, stack: StackEnv): Environment {
  const { NODE_OPTIONS: options = '', ...others } = settings;
  const kept = withoutInspector(options);
  const entries = Object.entries({
    ...others,
    ...(kept === undefined ? {} : { NODE_OPTIONS: kept }),
    ...stack,
  });
  const listed = new Set([...processSettings, ...copySettings, ...app.settings]);
  const given = entries.filter(([name]) => listed.has(name) || isOperators(name, app));
  return { ...Object.fromEntries(given), ...appKey(app.name, settings['DATABASE_APP_SECRET']) };
}

function appKey(app: string, secret: string | undefined): Environment {
  const known = databaseAppOf[app];
  return known === undefined || secret === undefined
    ? {}
    : { DATABASE_APP_KEY: databaseAppKey(secret, known) };
}

function isOperators(name: string, { runsCommands }: AppSpec): boolean {
  return runsCommands === true ? !isOurs(name) : system.has(name) || systemFamilies.test(name);
}

const ours = new Set([
  ...Object.keys(planeSettings),
  ...generatedNames,
  'DATABASE_APP_KEY',
  ...secretFileSettings,
]);
const isOurs = (name: string) => ours.has(name) || name.startsWith('ACTP_');
