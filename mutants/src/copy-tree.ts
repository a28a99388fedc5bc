import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Brings a copy of the checkout up to date, in which sources may be damaged. The packages in it find each other and not the originals: what pnpm
 * links between workspaces is relative. Third-party packages are shared.
 */
export function copyTree(root: string, copy: string): void {
  const files = tracked(root);
  for (const file of files) copyChanged(join(root, file), join(copy, file));
  const wanted = new Set(files);
  for (const file of present(copy, '')) if (!wanted.has(file)) rmSync(join(copy, file));

  const modules = join(copy, 'node_modules');
  if (!existsSync(modules)) symlinkSync(join(root, 'node_modules'), modules);
  for (const folder of workspaces(files)) {
    const from = join(root, folder, 'node_modules');
    const to = join(copy, folder, 'node_modules');
    rmSync(to, { recursive: true, force: true });
    if (existsSync(from)) cpSync(from, to, { recursive: true, verbatimSymlinks: true });
  }
}

function tracked(root: string): string[] {
  const list = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  return list.split('\0').filter((file) => file !== '' && existsSync(join(root, file)));
}

const workspaces = (files: readonly string[]) =>
  files.filter((file) => file.endsWith('/package.json')).map((file) => dirname(file));

function copyChanged(from: string, to: string): void {
  const content = readFileSync(from);
  if (existsSync(to) && readFileSync(to).equals(content)) return;
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, content);
}

function present(copy: string, folder: string): string[] {
  if (!existsSync(join(copy, folder))) return [];
  return readdirSync(join(copy, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.name === 'node_modules' || entry.name.startsWith('.stryker')) return [];
    return entry.isDirectory() ? present(copy, path) : [path];
  });
}
