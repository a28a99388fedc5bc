import { describe, expect, it } from 'vitest';
import { mergeEnvironment, mergeUsableEnvironment } from './merge.ts';

describe('a secret of blanks', () => {
  it.each(['BACKUP_PASSPHRASE', 'WORKER_SECRET', 'DATABASE_URL'])('is refused: %s', (name) => {
    for (const value of [' ', '      ', '\t', ' \r']) {
      expect(() => mergeEnvironment({}, { [name]: value })).toThrow(
        `${name}: must not consist of blanks alone; leave it empty, or out, for none`,
      );
      expect(() => mergeEnvironment({ [name]: value }, {})).toThrow(name);
      expect(mergeUsableEnvironment({}, { [name]: value }).environment).toEqual({});
    }
  });

  it('is none where it is empty, and other settings of blanks are unset as ever', () => {
    expect(mergeEnvironment({ BACKUP_PASSPHRASE: '' }, { WORKER_SECRET: '', LOG_LEVEL: '  ' })).toEqual({});
  });
});
