/** Environment names with their values; an empty value counts as unset and is left out. */
export type Environment = Record<string, string>;

/** Merges what `.env` holds and the environment; the environment wins. */
export function mergeEnvironment(
  envFile: Record<string, string>,
  environment: Record<string, string | undefined>,
): Environment {
  return { ...withoutEmpty(envFile), ...withoutEmpty(environment) };
}

function withoutEmpty(values: Record<string, string | undefined>): Environment {
  const entries = Object.entries(values).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1].trim() !== '',
  );
  return Object.fromEntries(entries);
}
