import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';

/* What the linter cannot say: which package may do what, and that what is written about the tree is true. */

const root = join(import.meta.dirname, '..');
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)));
const textOf = (file: string) => readFileSync(join(root, file), 'utf8');
const packageOf = (file: string) => file.split('/').slice(0, 2).join('/');
const isTest = (file: string) => /\.(?:test|fixture)\.ts$/.test(file);
const sources = files.filter((file) => /\.(?:ts|mjs)$/.test(file));

/** What is imported from our packages, by whom. */
const imports = sources.flatMap((file) =>
  [...textOf(file).matchAll(/['"]@actp\/([a-z-]+)\/([^'"]+)['"]/g)].map(([, name = '', subpath = '']) => ({
    file,
    name,
    subpath,
  })),
);

describe('packages', () => {
  const packages = files.filter((file) => /^packages\/[a-z-]+\/package\.json$/.test(file));

  it.each(packages)('exports what others use, and nothing else: %s', async (file) => {
    const folder = dirname(file);
    const used = imports
      .filter((one) => `packages/${one.name}` === folder && packageOf(one.file) !== folder)
      .map(({ subpath }) => subpath);
    const exported = Object.fromEntries(
      [...new Set(used)].toSorted().map((subpath) => [`./${subpath}`, `./src/${subpath}.ts`]),
    );
    const { exports: before, ...manifest } = JSON.parse(textOf(file)) as Record<string, unknown>;
    // Published on its own: its face is its own business.
    if (folder === 'packages/sdk') return;
    const entries = Object.entries(manifest);
    const at = entries.findIndex(([key]) => key === 'type') + 1;
    const wanted = Object.fromEntries([...entries.slice(0, at), ['exports', exported], ...entries.slice(at)]);
    expect(before, 'npm test -- scripts/structure -u rewrites it').toBeDefined();
    await expect(`${JSON.stringify(wanted, null, 2)}\n`).toMatchFileSnapshot(join(root, file));
  });

  it('keep their fixtures to themselves', () => {
    const shared = imports.filter(({ subpath, name, file }) => {
      return subpath.endsWith('.fixture') && packageOf(file) !== `packages/${name}`;
    });
    expect(shared.map(({ file, subpath }) => `${file}: ${subpath}`)).toEqual([]);
  });

  it('call the database in packages/services and packages/db alone; elsewhere call a service, or write one', () => {
    const callers = sources.filter(
      (file) =>
        /^(?:apps|packages|examples)\//.test(file) &&
        !/^packages\/(?:services|db)\//.test(file) &&
        !isTest(file) &&
        /\bclient\s*\.(?:rpc|from)\(|\bdb\.call\(/.test(textOf(file)),
    );
    expect(callers).toEqual([]);
  });
});

describe('files', () => {
  it('import each other in no circle, also for types alone', () => {
    const known = new Set(sources);
    const importsOf = (file: string) =>
      [...textOf(file).matchAll(/from '(\.{1,2}\/[^']+)'/g)]
        .map(([, path = '']) => posix.join(posix.dirname(file), path))
        .filter((path) => known.has(path));
    const done = new Set<string>();
    const circles: string[] = [];
    const visit = (file: string, trail: readonly string[]): void => {
      const at = trail.indexOf(file);
      if (at >= 0) circles.push([...trail.slice(at), file].join(' -> '));
      if (at >= 0 || done.has(file)) return;
      for (const imported of importsOf(file)) visit(imported, [...trail, file]);
      done.add(file);
    };
    for (const file of sources) visit(file, []);
    expect(circles).toEqual([]);
  });
});

describe('documents', () => {
  const pages = files.filter((file) => file.endsWith('.md'));

  it.each(pages)('name paths that exist: %s', (page) => {
    const text = textOf(page);
    const links = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)/g)].map(
      ([, path = '']) => posix.join(posix.dirname(page), path),
    );
    const named = [...text.matchAll(/`((?:apps|packages|docs|scripts|config|bench|examples)\/[\w./@-]+)`/g)]
      .map(([, path = '']) => path.replace(/[.:]$/, ''))
      .filter((path) => !/[<>*{]/.test(path));
    const missing = [...links, ...named].filter((path) => !existsSync(join(root, path)));
    expect(missing).toEqual([]);
  });
});
