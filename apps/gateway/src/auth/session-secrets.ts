/** What signs tokens, and what tokens that were signed earlier are still believed by. */
export interface SessionSecrets {
  current: string;
  previous: string | undefined;
}

/** SESSION_SECRET and, while it is rotated, SESSION_SECRET_PREVIOUS. */
export const sessionSecretsOf = (current: string, previous: string | undefined): SessionSecrets => ({
  current,
  previous: previous === current ? undefined : previous,
});

/** What a token says by the first of the secrets that it was signed with. */
export async function readByAny<T>(
  { current, previous }: SessionSecrets,
  read: (secret: string) => Promise<T | undefined>,
): Promise<T | undefined> {
  const claims = await read(current);
  return claims === undefined && previous !== undefined ? read(previous) : claims;
}
