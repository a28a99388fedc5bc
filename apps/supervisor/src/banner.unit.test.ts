import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { banner } from './banner.ts';
import { readPlaneSettings } from '@actp/shared/plane-settings';
import { shellWord } from './shell-word.ts';

const shown = (ACTP_DATA_DIR: string, warnings: string[] = []) =>
  banner({
    settings: readPlaneSettings({ ACTP_DATA_DIR }),
    stack: { REDIS_URL: 'redis://127.0.0.1:1' },
    envFile: './.env',
    passwordFromEnvironment: false,
    dataDir: ACTP_DATA_DIR,
    seconds: 1,
    suites: 'in a sandbox',
    warnings,
  });

describe('what is shown when the plane is ready', () => {
  it('names the data folder so that it can be copied into a shell', () => {
    expect(shown('.actp')).toMatch(/Keys +npm run stores /);
    expect(shown('.actp-8788')).toContain('ACTP_DATA_DIR=.actp-8788 npm run stores');
    expect(shown('data of mine')).toContain("ACTP_DATA_DIR='data of mine' npm run stores");
    expect(shown('data of mine')).toMatch(/Data +'data of mine' /);
  });

  it('[TRU-002] says what keeps suites apart', () => {
    expect(shown('.actp')).toMatch(/^ {2}Suites +run in a sandbox$/m);
  });

  it('says what may be lost', () => {
    expect(shown('.actp', ['Warning: nothing is kept'])).toContain('\nWarning: nothing is kept\n');
  });
});

describe('a word of a shell command', () => {
  it.each(['plain/word-1.0', 'two words', "it's", '$HOME `x` "y" \\ #z', '', '~', "'", 'a\nb'])(
    '%j',
    (text) => {
      expect(execFileSync('/bin/sh', ['-c', `printf %s ${shellWord(text)}`], { encoding: 'utf8' })).toBe(
        text,
      );
    },
  );
});
