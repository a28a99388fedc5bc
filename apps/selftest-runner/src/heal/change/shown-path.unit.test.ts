import { describe, expect, it } from 'vitest';
import { listedPath, shownPath } from './shown-path.ts';

describe('the name of a file', () => {
  it('shows what breaks lines, hides or turns the direction of text', () => {
    expect(shownPath('a\nSelf-heal:\n- calc: healed')).toBe('a⟦U+000A⟧Self-heal:⟦U+000A⟧- calc: healed');
    expect(shownPath('src/\u202Eyp.tset\u0007\u200B.py')).toBe('src/⟦U+202E⟧yp.tset⟦U+0007⟧⟦U+200B⟧.py');
    expect(shownPath('src/größe.py')).toBe('src/größe.py');
  });

  it('says how long it is where it is cut', () => {
    expect(shownPath('a'.repeat(4_000))).toBe(`${'a'.repeat(300)}... (4000 characters)`);
  });

  it('stands in quotes in a list when its end would not be seen', () => {
    expect(listedPath('a.py, b.py')).toBe('"a.py, b.py"');
    expect(listedPath('a" (a test)')).toBe('"a⟦U+0022⟧ (a test)"');
    expect(listedPath('src/a.py')).toBe('src/a.py');
  });
});
