import { describe, expect, it } from 'vitest';
import { readLockFile } from './read-lock-file.ts';

const read = (text: string) => readLockFile('requirements.txt', text);
const names = (text: string) => read(text).packages.map(({ name, version }) => [name, version]);

describe('[SEC-017] requirements as pip reads them', () => {
  it.each([
    ['behind a comment that ends with a backslash', '# a \\\nevil==1.0\n'],
    ['behind another kind of line end', '# a\u2028evil==1.0\n'],
    ['with the old kind of line end', '# a\revil==1.0\r'],
    ['in several lines', 'evil\\\n==\\\n1.0 \\\n  --hash=sha256:aa\n'],
    ['with extras, a marker and a comment', 'evil[a,b.c]==1.0 ; python_version > "3" # a\n'],
    ['in brackets', 'evil (==1.0)\n'],
    ['with three signs', 'evil===1.0\n'],
  ])('a requirement %s', (_, text) => {
    expect(read(text).unread).toEqual([]);
    expect(names(text)).toEqual([['evil', '1.0']]);
  });

  it.each(['a>=1,<2\n', 'a~=1.0\n', 'a==1.*\n', 'a\n', 'a ; os_name == "nt"\n'])(
    'does not pin: %j',
    (text) => {
      expect(read(text).unread).toEqual([]);
      expect(names(text)).toEqual([['a', null]]);
    },
  );

  it.each([
    'a=1.0\n',
    'a 1.0\n',
    'what is this?\n',
    '{"a": 1}\n',
    '--no-such-option\n',
    '-x\n',
    'a==1.0 </p>\n',
    'a==\n',
  ])('is not understood: %j', (text) =>
    expect(read(text).unread).toEqual(['has 1 lines that pip would not understand']),
  );

  it.each([
    ['-e git+https://example.com/o/a.git@main#egg=a\n', 'git', 'git+https://example.com/o/a.git@main#egg=a'],
    ['-e "a @ git+https://example.com/o/x.git@main"\n', 'git', 'git+https://example.com/o/x.git@main'],
    ["--editable='a[b]@ https://example.com/x.zip'\n", 'url', 'https://example.com/x.zip'],
    ['-e ./deep/a[b,c]\n', 'file', './deep/a'],
    ['-e ../a\n', 'file', '../a'],
  ])('an editable one: %j', (text, origin, resolved) => {
    expect(read(text).unread).toEqual([]);
    expect(read(text).packages).toMatchObject([{ name: 'a', origin, resolved }]);
  });

  it('a digest of a URL counts, and so does the option', () => {
    const sha = `sha256:${'a'.repeat(64)}`;
    const text = `a @ https://example.com/a.whl --hash=${sha}\nb==1.0 --hash ${sha}\nc==1.0\n`;
    expect(read(text).packages.map(({ integrity }) => integrity)).toEqual([sha, sha, null]);
  });
});

describe('[SEC-017] where requirements are taken from', () => {
  it.each([
    ['--extra-index-url=https://evil.example/simple', 'a second index (https://evil.example/simple)'],
    ['--extra https://evil.example/simple', 'a second index (https://evil.example/simple)'],
    [
      '-i https://user:secret@evil.example/simple',
      'another index than that of PyPI (https://evil.example/simple)',
    ],
    ['--pypi-url https://evil.example/', 'another index than that of PyPI (https://evil.example/)'],
    ['--no-index -f ./wheels', 'a folder of its own (./wheels)'],
    ['--find=https://evil.example/', 'an address or a folder of its own (https://evil.example/)'],
    ['--trusted evil.example', 'trusts a host without a certificate (evil.example)'],
    ['-r "more.txt"', 'takes in another file (more.txt)'],
    ['--constraint=more.txt', 'takes in another file (more.txt)'],
    ['-r https://evil.example/more.txt', 'takes in what an address has (https://evil.example/more.txt)'],
  ])('%s', (line, problem) => expect(read(`${line}\n`).problems.join()).toContain(problem));

  it('says each of several options of one line', () => {
    const { problems } = read(
      '-i https://one.example --extra-index-url https://two.example --trusted-host two.example\n',
    );
    expect(problems).toHaveLength(3);
  });

  it('names what it takes in, and what of it is not read', () => {
    const file = read('-r more.txt\n-cdeep/limits.txt\n-r https://evil.example/more.txt\n');
    expect(file.includes).toEqual(['more.txt', 'deep/limits.txt']);
    expect(file.unread).toEqual([
      'takes in what an address has (https://evil.example/more.txt), which is not read',
    ]);
  });
});
