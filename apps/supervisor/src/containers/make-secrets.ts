import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedNames } from '@actp/shared/generated-secrets';
import { isSecretSetting } from '@actp/shared/secret-values';
import { planSecrets, type Secrets } from './secret-plan.ts';

export interface MakeSecretsOptions {
  /** One folder for each service, and `generated`, which no service sees. */
  folder: string;
  /** What the operator has set; wins over what was generated. */
  environment: Readonly<Record<string, string | undefined>>;
}

/** Generated here as well, beside what `npm start` generates: it makes this one anew at each start. */
const ownNames = ['ACTP_AUTHENTICATOR_PASSWORD'];

/**
 * Writes the secrets of every service into its folder. What nobody has set is generated once and kept in `generated`.
 *
 * @returns the names of what was generated now
 */
export function makeSecrets({ folder, environment }: MakeSecretsOptions): string[] {
  const kept = join(folder, 'generated');
  mkdirSync(kept, { recursive: true });
  const set = Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] => isSecretSetting(entry[0]) && (entry[1] ?? '').trim() !== '',
    ),
  );
  const known = { ...readFolder(kept), ...set };
  const missing = [...generatedNames, ...ownNames].filter((name) => known[name] === undefined);
  const made = Object.fromEntries(missing.map((name) => [name, randomBytes(32).toString('base64url')]));
  for (const [name, value] of Object.entries(made)) writeSecret(kept, name, value, 0o400);
  for (const [service, secrets] of Object.entries(planSecrets({ ...known, ...made }))) {
    writeFolder(join(folder, service), secrets);
  }
  return missing;
}

function readFolder(folder: string): Secrets {
  return Object.fromEntries(
    readdirSync(folder)
      .filter((name) => !name.startsWith('.'))
      .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );
}

/** Afterwards the folder holds these and no other. Readable for every account of the one container that sees it. */
function writeFolder(folder: string, secrets: Secrets): void {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) if (!(name in secrets)) rmSync(join(folder, name));
  for (const [name, value] of Object.entries(secrets)) writeSecret(folder, name, value, 0o444);
}

// Never half of one, and never into a file that a service is just reading.
function writeSecret(folder: string, name: string, value: string, mode: number): void {
  const making = join(folder, `.${name}.new`);
  rmSync(making, { force: true });
  writeFileSync(making, value, { mode, flush: true });
  renameSync(making, join(folder, name));
}
