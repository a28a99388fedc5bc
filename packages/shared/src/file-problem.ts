const reasons: Readonly<Record<string, string>> = {
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of its path is a file and no directory',
  EACCES: 'this user has no permission',
  EPERM: 'this user has no permission',
  ELOOP: 'it is a link that leads back to itself',
};

/** Why a file could not be read, in words that follow its name. */
export function fileProblem(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  if (code === 'ENOENT') return 'there is no such file';
  const reason = reasons[code];
  return `the file cannot be read (${code})${reason === undefined ? '' : `: ${reason}`}`;
}
