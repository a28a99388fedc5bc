import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { functionsDir, readFunctionFiles } from './read-function-files.ts';

// The last migration that defines functions; it and those before are in force in data folders, and are never changed.
const lastWithFunctions = '20261116000000';
const migrationsDir = join(import.meta.dirname, '..', '..', 'supabase', 'migrations');

const files = await readFunctionFiles();
const migrations = readdirSync(migrationsDir)
  .filter((file) => file.endsWith('.sql'))
  .map((file) => ({ file, text: readFileSync(join(migrationsDir, file), 'utf8') }));

describe('packages/db/sql', () => {
  it('holds nothing but function files, in a folder per entity', () => {
    const all = readdirSync(functionsDir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(functionsDir.length + 1));
    expect(all.toSorted()).toEqual(files.map(({ file }) => file));
  });

  it('defines each function once', () => {
    const names = files.flatMap(({ functions }) => [...new Set(functions)]);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    expect(names.length).toBe(files.length);
  });

  it.each(files)(
    '$file defines the function of its name, with its comment and grants',
    ({ file, text, functions }) => {
      const name = basename(file, '.sql');
      expect([...new Set(functions.map((full) => full.replace(/^\w+\./, '')))]).toEqual([name]);
      const [full = ''] = functions;
      const statements = [
        ['create or replace function', functions.length],
        ['comment on function', functions.length],
        ['revoke all on function', functions.length],
      ] as const;
      for (const [words, count] of statements) {
        expect(
          text.split(`\n${words} ${full}(`).length + Number(text.startsWith(`${words} ${full}(`)) - 1,
          words,
        ).toBe(count);
      }
      // Everything else belongs to a migration.
      const outside = text.replaceAll(/\$(\w*)\$[\s\S]*?\$\1\$/g, '').replaceAll(/^--.*$/gm, '');
      const others = [
        ...outside.matchAll(
          /(?:^|;)\s*(create|alter|drop|insert|update|delete|do|select|set|grant|revoke|comment)\b[^;]*/gi,
        ),
      ]
        .map(([statement]) => statement.replace(/^;?\s*/, ''))
        .filter(
          (statement) =>
            !/^(create or replace function|comment on function|revoke all on function|grant execute on function)\b/i.test(
              statement,
            ),
        );
      expect(others).toEqual([]);
    },
  );
});

describe('migrations', () => {
  // Also inside of another statement, such as `do`.
  const definesFunctions = (text: string) =>
    Array.from(
      text
        .replaceAll(/--.*$/gm, '')
        .replaceAll(declaration, '')
        .matchAll(/\bcreate\s+(?:or\s+replace\s+)?(?:function|procedure)\s+([\w".%]+)/gi),
      ([, name]) => name,
    );
  // A trigger of the same migration may need a function that is not there yet.
  const declaration =
    /create function [\w.]+\(\) returns trigger\s+language plpgsql\s+as \$\$ begin raise exception 'declared only'; end \$\$;/g;

  it('define no function: packages/db/sql does', () => {
    const later = migrations.filter(({ file }) => file > `${lastWithFunctions}_~`);
    expect(later.length).toBeGreaterThan(0);
    for (const { file, text } of later) {
      expect(
        definesFunctions(text),
        `${file} defines functions; packages/db/README.md says where they go`,
      ).toEqual([]);
    }
  });

  it.each([
    ['create function public.f() returns integer language sql as $$ select 1 $$;', ['public.f']],
    ['CREATE OR REPLACE FUNCTION public.f(a integer)\nreturns integer', ['public.f']],
    ['create table x ();\n  create or replace\n  procedure public.p()', ['public.p']],
    [`do $$ begin execute 'create function public.f() returns integer ...'; end $$;`, ['public.f']],
    ['-- create function public.f() is done elsewhere\nalter table x add y text;', []],
    [
      `create function public.t() returns trigger language plpgsql as $$ begin raise exception 'declared only'; end $$;`,
      [],
    ],
    [
      `create function public.t() returns trigger language plpgsql as $$ begin return null; end $$;`,
      ['public.t'],
    ],
  ])('are recognised by what they define: %s', (text, names) => {
    expect(definesFunctions(text)).toEqual(names);
  });
});
