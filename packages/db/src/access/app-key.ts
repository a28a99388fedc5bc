import { createHmac } from 'node:crypto';

/** The apps that call the database, each as a role of its own: `actp_<app>`. */
export const databaseApps = [
  'gateway',
  'bot',
  'scheduler',
  'runner',
  'auditor',
  'executor',
  'inspector',
  'cli',
] as const;

export type DatabaseApp = (typeof databaseApps)[number];

/**
 * The key with which an app calls the database. One app's key says nothing about another's.
 *
 * @param secret DATABASE_APP_SECRET
 */
export function databaseAppKey(secret: string, app: DatabaseApp): string {
  return createHmac('sha256', secret).update(`actp database app ${app}`).digest('base64url');
}
