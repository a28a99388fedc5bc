import { shownPath, type BytePath } from './byte-path.ts';
import { secretsInText, type TextSecret } from './scan-text.ts';

/** A secret that is a part of a name. */
export interface SecretInName extends Pick<TextSecret, 'kind' | 'mark'> {
  /** The name as far as the part that holds it, without it. */
  name: string;
}

/** The secrets in the name of a file, folder or ref. */
export function secretsInName(path: BytePath): SecretInName[] {
  const secrets = secretsInText(path);
  return secrets.map(({ end, kind, mark }) => {
    const slash = path.indexOf('/', end);
    // A folder with such a name is one finding, however many files it has.
    const part = slash < 0 ? path : path.slice(0, slash);
    return { name: withoutSecrets(part, secrets), kind, mark };
  });
}

/** A name as it is shown: without the secrets in it. */
export const safeName = (path: BytePath): string => withoutSecrets(path, secretsInText(path));

function withoutSecrets(path: BytePath, secrets: readonly TextSecret[]): string {
  let shown = '';
  let at = 0;
  for (const { start, end, kind } of secrets) {
    if (end > path.length) break;
    // Without a fingerprint, which is not the same in every process: names are a part of what a finding is about.
    shown += `${shownPath(path.slice(at, start))}[redacted:${kind}]`;
    at = end;
  }
  return shown + shownPath(path.slice(at));
}
