import { readEnvFile } from '@actp/shared/env-file/read';

/** Says which settings of the file are not in force because the environment of the supervisor has another value. */
export async function overruledSettings(
  envFile: string,
  outside: Record<string, string | undefined>,
): Promise<string[]> {
  const { values } = await readEnvFile(envFile);
  const names = Object.entries(values)
    .filter(([name, value]) => value !== '' && isSet(outside[name]) && outside[name] !== value)
    .map(([name]) => name);
  if (names.length === 0) return [];
  return [`Set in the environment, which takes precedence over ${envFile}: ${names.join(', ')}`];
}

const isSet = (value: string | undefined) => value !== undefined && value.trim() !== '';
