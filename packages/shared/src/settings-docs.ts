import { settingGroups, type SettingReference } from './settings-reference.ts';

/* docs/settings.md, .env.example and a section of README.md, written from the settings reference; settings-docs.unit.test.ts compares and writes them. */

const pageHead = `# Settings

The environment wins over \`.env\`; an empty value counts as unset. \`.env\` means what \`. ./.env\` gives in a shell: a plain word, or one pair of quotes around the
whole value; a value that a shell would read differently is refused with its line. A value that cannot be used stops the start with one message that names the key and never
prints the value. \`npm start\` needs no setting: what is missing gets a safe default, and secrets are generated into \`.env\` (mode 0600).

Every secret, and every address that may hold one, can be given as a file: \`WORKER_SECRET_FILE=/run/secrets/worker\` instead of \`WORKER_SECRET\`. The file is one line of text; its last
line end does not count. Both at once, and a file that is missing, empty, longer than 16 KiB or no regular file, stop the start. Many at once: a folder \`ACTP_SECRETS_DIR\` with a file for each, called like its setting.

This page and [.env.example](../.env.example) are written from \`packages/shared/src/settings-reference/\` (\`npm test -- packages/shared/src/settings-docs -u\`).
`;

const envHead = `# Settings of actp-worker, written from packages/shared/src/settings-reference/. \`npm start\` needs none of them: what is
# missing gets a safe default, and secrets are generated into .env (mode 0600). The environment wins over .env; an empty value
# counts as unset. Ports are never written there.
# A shell reads .env as well (set -a; . ./.env), so write it for one: a word as it is, anything else in 'single quotes', and a
# value with single quotes in "double quotes" with a backslash before each \\ " $ \`. What a shell would read differently is refused.
`;

const entries = (group: (typeof settingGroups)[number]): Array<[string, SettingReference]> =>
  Object.entries(group.settings);

const shownDefault = ({ source, shown, default: value }: SettingReference) =>
  source ?? shown ?? (value === null ? 'none' : `\`${value}\``);

/** docs/settings.md. */
export function settingsPage(): string {
  const tables = settingGroups.map((group) =>
    [
      `\n## ${group.title}\n`,
      '| name | default | meaning |',
      '|---|---|---|',
      ...entries(group).map(([name, entry]) => `| \`${name}\` | ${shownDefault(entry)} | ${entry.text} |`),
    ].join('\n'),
  );
  return `${pageHead}${tables.join('\n')}\n`;
}

const sectionStart = '<details><summary>All settings</summary>';
const sectionEnd = '</details>';

/** README.md with the names of all settings in the section for them. @throws when it has no such section */
export function readmeWithSettings(readme: string): string {
  const start = readme.indexOf(sectionStart);
  const end = readme.indexOf(sectionEnd, start);
  if (start === -1 || end === -1) throw new Error(`README.md has no ${sectionStart}`);
  const groups = settingGroups.map((group) => {
    const names = entries(group).map(([name]) => `\`${name}\``);
    return `- ${group.title}: ${names.join(', ')}`;
  });
  return `${readme.slice(0, start)}${sectionStart}\n\n${groups.join('\n')}\n${readme.slice(end)}`;
}

/** .env.example. */
export function envExample(): string {
  const groups = settingGroups.map((group) =>
    [
      `\n# --- ${group.title}`,
      ...entries(group).map(([name, entry]) => {
        const note = entry.source === undefined ? '' : ` (${entry.source} unless set)`;
        return `# ${entry.text}${note}\n#${name}=${entry.example ?? entry.default ?? ''}`;
      }),
    ].join('\n'),
  );
  return `${envHead}${groups.join('\n')}\n`;
}
