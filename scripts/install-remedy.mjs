// What to do when installing packages has failed, by what npx and pnpm have said.

const denied = /\b(?:EACCES|EROFS|EPERM|ENOTDIR)\b|root-owned files|error writing to the directory/;
const full = /\b(?:ENOSPC|EDQUOT)\b|no space left/i;

/**
 * @param {string} output what they have printed
 * @param {string} root the repository
 * @param {string | undefined} home HOME
 */
export function installRemedy(output, root, home) {
  if (full.test(output)) return 'Free some space on the disk, then start again.';
  if (!denied.test(output)) {
    return 'Check the connection to the npm registry and the space on the disk, then start again.';
  }
  // npm asks to change owners there, which helps nobody whose HOME belongs to somebody else.
  return (
    `Make writable for this user: HOME (${home ?? 'not set'}), where npm and pnpm keep their caches, and ${root}.\n` +
    'Or set HOME to a folder that is, and start again.'
  );
}
