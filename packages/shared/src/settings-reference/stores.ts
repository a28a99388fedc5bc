import type { SettingGroup } from './reference.ts';

/** Where the data is. */
export const storesSettings: readonly SettingGroup[] = [
  {
    title: 'Stores',
    settings: {
      REDIS_URL: {
        default: null,
        source: 'embedded',
        example: 'redis://user:password@127.0.0.1:6379',
        text: 'A Redis of your own, redis:// or rediss://; it is checked at the start',
      },
      REDIS_CLUSTER_NODES: {
        default: null,
        example: 'redis://user:password@host:port,host:port',
        text: 'Nodes of a Redis Cluster of your own, instead of REDIS_URL: host:port or URLs, rediss:// with TLS',
      },
      REDIS_SENTINELS: {
        default: null,
        example: 'redis://user:password@host:26379,host:26379',
        text: 'Sentinels that name the primary, in the same form; user, password, TLS and database of the servers themselves: REDIS_URL=redis://user:password@mymaster/0',
      },
      REDIS_SENTINEL_NAME: {
        default: 'mymaster',
        text: 'What the Sentinels call the group of servers',
      },
      REDIS_MIN_REPLICAS: {
        default: null,
        example: '1',
        text: 'Replicas that have to hold what is acknowledged (202) before the answer, else 503. Unset: 1 with REDIS_SENTINELS and on a cluster that has replicas, 0 otherwise',
      },
      SUPABASE_URL: {
        default: null,
        source: 'embedded',
        example: 'https://project.supabase.co',
        text: 'A Supabase project of your own',
      },
      SUPABASE_SERVICE_ROLE_KEY: { default: null, source: 'embedded', text: 'Its service-role key' },
      DATABASE_APP_SECRET: {
        default: null,
        source: 'generated',
        text: 'What the key of each app in the database is derived from; the same on every machine of one plane',
      },
      DATABASE_URL: {
        default: null,
        source: 'embedded',
        text: 'Its Postgres, for migrations and for registering the keys of the apps',
      },
      ACTP_DATA_DIR: { default: '.actp', text: 'Where the embedded stores keep their data' },
      ACTP_ANCHOR_FILE: {
        default: null,
        shown: "in the user's folder for state",
        text: 'Keeps how far the plane has come, so that an older copy of the database releases nothing; not in ACTP_DATA_DIR, and not backed up with it',
      },
      NODE_EXTRA_CA_CERTS: {
        default: null,
        text: 'A file with certificates (PEM) of authorities that Node.js does not know, for rediss:, https: and Postgres with TLS',
      },
    },
  },
];
