import type { SettingGroup } from './reference.ts';

/** What the plane does by itself, and how its processes run. */
export const upkeepSettings: readonly SettingGroup[] = [
  {
    title: 'Audit log',
    settings: {
      AUDIT_RETENTION_DAYS: { default: '90', text: 'Days that are kept' },
      AUDIT_QUEUE_LIMIT: {
        default: '1000',
        text: 'Jobs of up to 500 events that may wait before callers get 503',
      },
    },
  },
  {
    title: 'Supply-chain review',
    settings: {
      PROJECTS_CONFIG: {
        default: 'config/projects.yaml',
        text: 'Projects whose dependencies and files are watched; read at every review (docs/supply-chain.md)',
      },
      OSV_DATA: {
        default: null,
        text: 'A folder or zip of OSV advisories, for machines without network',
      },
    },
  },
  {
    title: 'Self-test, self-heal and schedules',
    settings: {
      SELFTEST_CONFIG: { default: 'config/selftest.yaml', text: 'Services and suites; read at every run' },
      ACD_URL: {
        default: 'http://127.0.0.1:3434',
        text: 'The coding agent that failing tests are handed to: ACD, or what serves its API, as `examples/acd-adapter` does (docs/self-heal.md)',
      },
      ACD_TIMEOUT_MINUTES: { default: '30', text: 'How long it has' },
      ACD_POLL_SECONDS: { default: '15', text: 'How often it is asked for its state' },
      ACD_TOKEN: { default: null, text: 'Its bearer token, if it wants one' },
      SCHEDULE_TZ: {
        default: 'UTC',
        text: 'Time zone of the cron table. A time that the clock skips comes as soon as it goes on; one that it shows twice comes once',
      },
    },
  },
  {
    title: 'Process',
    settings: {
      ACTP_SECRETS_DIR: {
        default: null,
        example: '/run/secrets',
        text: 'A folder with secrets, each in a file that is called like its setting; what is set otherwise wins',
      },
      ACTP_CONTAINER: {
        default: 'false',
        text: "Set by the container image: the gateway listens in the container's own network. npm start refuses it",
      },
      ACTP_HEARTBEAT_FILE: {
        default: null,
        text: 'Set by the container image: a file that an app writes every five seconds, for the health check',
      },
      ACTP_GATEWAY_URL: {
        default: null,
        text: 'Set by docker-compose.yml: where the self-test finds the gateway',
      },
      STOP_SECONDS: {
        default: '10',
        text: 'How long the plane may take to stop before what is left is killed (exit code 1); apps have two seconds less. Raise it on a slow machine',
      },
      LOG_LEVEL: { default: 'info', text: 'trace, debug (requests too), info, warn, error, fatal or silent' },
    },
  },
  {
    title: 'Traces',
    settings: {
      OTEL_EXPORTER_OTLP_ENDPOINT: {
        default: null,
        example: 'http://127.0.0.1:4318',
        text: 'Where traces are sent: an OTLP receiver over HTTP (protobuf), without `/v1/traces` (docs/observability.md); off without it',
      },
      OTEL_EXPORTER_OTLP_HEADERS: {
        default: null,
        example: "'authorization=Bearer%20...'",
        text: 'Headers for it, `name=value` with commas between; treated as a secret',
      },
      OTEL_TRACES_SAMPLER: {
        default: 'parentbased_always_on',
        text: 'Which traces are recorded: `always_on`, `always_off` or `traceidratio`, also with `parentbased_` before it, which heeds what a caller has decided',
      },
      OTEL_TRACES_SAMPLER_ARG: { default: '1', text: 'The ratio for `traceidratio`, from 0 to 1' },
    },
  },
];
