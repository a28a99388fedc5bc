import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isPlaneAction, isReservedName, planeActionFamilies, planeParts } from './reserved.ts';

const root = join(import.meta.dirname, '../../../..');

describe('[TRU-004] a name that belongs to a person or to the plane', () => {
  it.each([
    ['as it is', 'operator:ann@example.com'],
    ['of a Telegram user', 'telegram:42'],
    ['of a user', 'user:ann@example.com'],
    ['of who logs in', 'login:ann@example.com'],
    ['in capitals', 'OPERATOR:ann@example.com'],
    ['in mixed case', 'TeleGram:42'],
    ['with a space in front', ' operator:ann'],
    ['with a space at the end', 'gateway '],
    ['with a space before the colon', 'operator :ann'],
    ['with a tab', '\toperator:ann'],
    ['with a no-break space', '\u00a0operator:ann'],
    ['in full-width letters', 'ｏｐｅｒａｔｏｒ:ann'],
    ['with a full-width colon', 'operator：ann'],
    ['with a ratio sign', 'operator∶ann'],
    ['with a modifier colon', 'operator꞉ann'],
    ['with a zero-width space', 'oper\u200bator:ann'],
    ['with a zero-width joiner', 'tele\u200dgram:42'],
    ['with a word joiner', '\u2060user:ann'],
    ['with a byte order mark', '\ufeffuser:ann'],
    ['with a soft hyphen', 'gate\u00adway'],
    ['with a variation selector', 'plane\ufe0f'],
    ['with tag characters', 'pl\u{e0061}ane'],
    ['with a mark that turns the direction', '\u202eoperator:ann'],
    ['with a control character', 'oper\u0007ator:ann'],
    ['with a Cyrillic o', 'оperator:ann'],
    ['with Cyrillic letters', 'рlаnе'],
    ['with a Greek omicron', 'οperator:ann'],
    ['with a dotless i', 'audıtor'],
    ['with an accent', 'plané'],
    ['with a combining accent', 'u\u0301ser:ann'],
    ['with mathematical letters', '𝗈𝗉𝖾𝗋𝖺𝗍𝗈𝗋:ann'],
    ['with letters in circles', 'ⓟⓛⓐⓝⓔ'],
    ['with letters in squares', '🅿lane'],
    ['with small capitals', 'ᴏᴘᴇʀᴀᴛᴏʀ:ann'],
    ['with a nought', '0perator:ann'],
    ['with a one', 'te1egram:42'],
    ['with a capital i', 'teIegram:42'],
    ['with an exclamation mark', 'aud!tor'],
    ['with a three', 'us3r:ann'],
    ['with a five', '5ystem:ann'],
    ['with a four', 'pl4ne'],
    ['with a four in front', '4uditor'],
    ['with a seven', 'audi7or'],
    ['with a dollar', 'sy$tem'],
    ['with a dot in front', '.operator:ann'],
    ['with a dot before the colon', 'operator.:ann'],
    ['in brackets', '[plane]'],
    ['that is a part of the plane', 'gateway'],
    ['in another case', 'Scheduler'],
    ['with an underscore', 'selftest_runner'],
    ['with a space between', 'approval bot'],
    ['with a hyphen of another kind', 'approval‐bot'],
    ['without its hyphen', 'selftestrunner'],
    ['of the command line', 'CLI'],
    ['of what nobody has shown', 'anonymous'],
  ])('is refused %s', (_how, name) => {
    expect(isReservedName(name)).toBe(true);
  });

  it.each(planeParts)('is refused: %s', (name) => {
    expect(isReservedName(name)).toBe(true);
  });

  it.each([
    'worker',
    'agent-1',
    'ads-agent',
    'operators',
    'operator-helper',
    'user-research',
    'user',
    'my telegram bot',
    'planner',
    'plan',
    'gateway-monitor',
    'scheduler-2',
    'client',
    'purchasing:eu',
    'купец',
    '買い手',
    'Ünsal',
    '🛒',
  ])('leaves others alone: %s', (name) => {
    expect(isReservedName(name)).toBe(false);
  });

  it('is found however long the rest is', () => {
    expect(isReservedName(`operator:${'x'.repeat(100_000)}`)).toBe(true);
    expect(isReservedName(`${'\u200b'.repeat(100)}operator:x`)).toBe(true);
  });
});

describe('[TRU-004] an action type of the plane', () => {
  it.each([
    'approval.decide',
    'Approval.Decide',
    'approval.granted',
    ' approval.decide',
    'approval .decide',
    'approval․decide',
    'approval。decide',
    'аpproval.decide',
    'ａｐｐｒｏｖａｌ.decide',
    'app\u200broval.decide',
    'appr0val.decide',
    'kill_switch.set',
    'kill-switch.set',
    'KILL_SWITCH.SET',
    'kіll_switch.set',
    'guard.decide',
    'audit.read',
    'job.run-self-test',
    'heal.verdict',
    'security.forbidden',
    'auth.login',
    'http.post',
    'operator.replace_password',
    'spend.commit',
    'telegram.command',
    'policy.reload',
    'agent_key.create',
    'gu4rd.decide',
    '5ecurity.x',
    '.guard.decide',
    '[guard.decide',
  ])('is refused: %s', (type) => {
    expect(isPlaneAction(type)).toBe(true);
  });

  it.each([
    'ads.deploy',
    'approval',
    'approvals.count',
    'task.run',
    'mail.send',
    'guardian.read',
    'my.approval.x',
    'a.b',
    '',
  ])('leaves others alone: %j', (type) => {
    expect(isPlaneAction(type)).toBe(false);
  });

  it('is every one that our code writes', () => {
    const written = writtenActionTypes();
    expect(written.length).toBeGreaterThan(30);
    expect(written.filter((type) => !isPlaneAction(type))).toEqual([]);
  });

  it('is the same in the database', () => {
    const sql = readFileSync(join(root, 'packages/db/sql/audit/is_plane_action.sql'), 'utf8');
    const listed = /array\[([^\]]+)\]/.exec(sql)?.[1] ?? '';
    expect([...listed.matchAll(/'([a-z_]+)'/g)].map(([, family]) => family)).toEqual([
      ...planeActionFamilies,
    ]);
  });
});

/** Action types in the places where code gives one to an audit event. */
// The examples of the API's description are what others write.
function writtenActionTypes(): string[] {
  const places = [
    /action_type: ['`]([a-z_]+\.[^'`$]*)/g,
    /\baudit: '([a-z_]+\.[a-z_]+)'/g,
    /\baudited\('([a-z_.]+)'\)/g,
    /\.note\(c, '([a-z_.]+)'\)/g,
    /\bbeside\('([a-z_.]+)'/g,
    /return `(http\.)/g,
    /audit_\w+\((?:\w+, )?'([a-z_]+\.[a-z_]+)'/g,
    /note_agent_change\('([a-z_]+\.[a-z_]+)'/g,
    /'(security\.[a-z_]+)'/g,
    /values \([^;]*?'([a-z_]+\.[a-z_]+)', '(?:ok|denied|error)'/g,
  ];
  const files = globSync('{apps,packages}/*/{src,sql}/**/*.{ts,sql}', {
    cwd: root,
    exclude: ['packages/testing/**', '**/openapi/examples*', '**/*.{test,fixture}.ts'],
  });
  const types = files.flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    return places.flatMap((place) => [...text.matchAll(place)].map(([, type = '']) => type));
  });
  return [...new Set(types)];
}
