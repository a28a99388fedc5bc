import { CliError } from '../../cli-error.ts';

/*
 * How systemd reads values (systemd.syntax(7)): words are separated by blanks, quotes and backslashes as in C, and `%` begins a specifier.
 */

/** A word of a list: Environment=, ReadWritePaths=. */
export function quoted(value: string): string {
  assertOneLine(value);
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%')}"`;
}

/** A setting that is one path, and is read without quotes: WorkingDirectory=. */
export function barePath(path: string): string {
  assertOneLine(path);
  if (path.trim() !== path || path.endsWith('\\')) {
    throw new CliError(
      `systemd cannot have the folder ${JSON.stringify(path)} as a working directory\nMove the checkout to a folder without a blank or backslash at its end.`,
    );
  }
  return path.replaceAll('%', '%%');
}

function assertOneLine(value: string): void {
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(value)) {
    throw new CliError(
      `a unit cannot hold ${JSON.stringify(value)}: it has a control character\nMove the checkout to another folder.`,
    );
  }
}
