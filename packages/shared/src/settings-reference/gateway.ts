import type { SettingGroup } from './reference.ts';

/** Who is let in, and the keys of the plane. */
export const gatewaySettings: readonly SettingGroup[] = [
  {
    title: 'Gateway',
    settings: {
      GATEWAY_HOST: {
        default: '127.0.0.1',
        text: 'Where the gateway listens: a loopback address. Put a proxy in front of it for others (TRUSTED_PROXIES, ALLOWED_HOSTS)',
      },
      GATEWAY_PORT: { default: '8787', text: 'The port of the gateway' },
      ALLOWED_HOSTS: {
        default: '127.0.0.1,localhost,[::1]',
        text: 'Host headers that are answered, with any port',
      },
      TRUSTED_PROXIES: {
        default: null,
        text: 'Addresses or CIDR ranges of proxies whose X-Forwarded-For is believed',
      },
      RATE_LIMIT_PER_MINUTE: {
        default: '60',
        text: 'Requests per client address and minute. Connections from 127.0.0.1 and ::1 are exempt',
      },
      RATE_LIMIT_PER_USER: { default: '600', text: 'Requests per user and minute, from whatever address' },
      RATE_LIMIT_PER_AGENT: { default: '6000', text: 'Requests per agent and minute, from whatever address' },
      LOGIN_FAILURES_PER_15_MINUTES: {
        default: '10',
        text: 'Failed logins per account and client address, loopback included; per account from everywhere ten times as many, per client address three times',
      },
      SESSION_HOURS: {
        default: '12',
        text: 'How long a login lasts, in hours; 12 at most. The token of a user lasts one hour',
      },
      REGISTRATION: {
        default: null,
        shown: '`open` on loopback',
        example: 'open',
        text: 'Whether everybody can register as a user (open), or only operators make accounts (closed)',
      },
    },
  },
  {
    title: 'Secrets',
    settings: {
      WORKER_SECRET: {
        default: null,
        source: 'generated',
        text: 'What agents and triggers send; at least 32 characters',
      },
      WORKER_SECRET_PREVIOUS: { default: null, text: 'Stays valid while WORKER_SECRET is rotated' },
      SESSION_SECRET: {
        default: null,
        source: 'generated',
        text: 'Signs the tokens of operators and users; at least 32 characters',
      },
      SESSION_SECRET_PREVIOUS: { default: null, text: 'Stays valid while SESSION_SECRET is rotated' },
      OPERATOR_EMAIL: {
        default: 'operator@actp.local',
        text: 'The first operator account, created when it does not exist',
      },
      OPERATOR_PASSWORD: {
        default: null,
        source: 'generated',
        text: 'Its password; another one here becomes the password of the account at the next start',
      },
      AUDIT_SIGNING_KEY: {
        default: null,
        source: 'generated',
        text: 'Signs the checkpoints of the audit log; only the auditor gets it. At least 32 characters',
      },
      AUDIT_SIGNING_KEY_PREVIOUS: {
        default: null,
        text: 'The old key, for the start after AUDIT_SIGNING_KEY was rotated: it signs the new one',
      },
      BACKUP_PASSPHRASE: { default: null, text: 'Encrypts backups; they then hold secrets and settings too' },
      REDACTION_KEY: {
        default: null,
        source: 'generated',
        text: 'Makes the fingerprints in [redacted:kind:fingerprint] the same in every app and after a restart',
      },
      ACTP_POSTGRES_PASSWORD: { default: null, source: 'generated', text: 'Of the embedded Postgres' },
      ACTP_JWT_SECRET: {
        default: null,
        source: 'generated',
        text: 'Signs the service-role key of the embedded stores',
      },
      ACTP_REDIS_PASSWORD: { default: null, source: 'generated', text: 'Of the embedded Redis' },
    },
  },
];
