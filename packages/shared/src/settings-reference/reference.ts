import type { settings } from '../settings.ts';

/** How a setting is explained to an operator: docs/settings.md and .env.example are written from this. */
export interface SettingReference {
  /** The default as it would be written in .env; null when it is off or missing without a value. */
  default: string | null;
  /** Instead of the default in the table: where the value comes from. */
  source?: 'generated' | 'embedded';
  /** Instead of the default in the table: a default that depends on another setting. */
  shown?: string;
  /** Shown in .env.example in place of a default. */
  example?: string;
  text: string;
}

/** Settings that only the start reads: of the embedded stores, and of Node.js itself. */
type StartSettings =
  | 'ACTP_POSTGRES_PASSWORD'
  | 'ACTP_JWT_SECRET'
  | 'ACTP_REDIS_PASSWORD'
  | 'DATABASE_APP_SECRET'
  | 'NODE_EXTRA_CA_CERTS';

export type SettingName = keyof typeof settings | StartSettings;

/** Settings that an operator reads together. */
export interface SettingGroup {
  title: string;
  settings: Partial<Record<SettingName, SettingReference>>;
}
