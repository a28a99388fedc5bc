import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editEnv, envWord } from './edit.ts';
import { parseEnvFile } from './parse.ts';
import { valueFault } from './value-faults.ts';

const edit = (text: string, changes: Record<string, string | null>) =>
  editEnv(text, new Map(Object.entries(changes)));

describe('editing a .env', () => {
  it('keeps comments, order, unknown lines and the way that others are written', () => {
    const text = `# mine\nA=1 # first\nexport B='two words'\n\n  # C=3\nMINE="x \\$ y"\n`;
    expect(edit(text, { A: 'new', B: 'also new', D: 'added' })).toBe(
      `# mine\nA=new # first\nexport B='also new'\n\n  # C=3\nMINE="x \\$ y"\n\nD=added\n`,
    );
  });

  it('changes the assignment that counts, and empties every one', () => {
    expect(edit('A=1\nA=2\n', { A: '3' })).toBe('A=1\nA=3\n');
    expect(edit("A=1\nA='2 and more'\nB=4", { A: null, C: null })).toBe('A=\nA=\nB=4');
  });

  it('makes a file, ends the last line, and replaces a value over several lines', () => {
    expect(edit('', { A: '1' })).toBe('A=1\n');
    expect(edit('B=2', { A: '1' })).toBe('B=2\n\nA=1\n');
    expect(edit("A='one\ntwo'\nB=2\n", { A: 'three' })).toBe('A=three\nB=2\n');
  });

  it('writes what is read as the same value again', () => {
    const value = fc
      .string({ unit: fc.constantFrom(...Array.from('aZ09 \'"\\$`#~;&|<>()=*?[]{}\n\tä🙂')) })
      .filter((text) => text !== '' && valueFault(text) === undefined && !text.includes('\\\n'));
    fc.assert(
      fc.property(value, fc.constantFrom('', 'A=old\n', "# c\nA='x'\nB=1\n"), (wanted, before) => {
        const { values } = parseEnvFile(edit(before, { A: wanted }), '.env');
        expect(values['A']).toBe(wanted);
      }),
    );
  });

  it.each(['a\u0007b', ' a', 'a\n'])('refuses what no .env can hold: %j', (value) => {
    expect(() => envWord('A', value)).toThrow('A: ');
    expect(() => envWord('A', 'bell-\u0007-secret')).not.toThrow('secret');
  });
});
