import { lockedPackage, originOf, type LockedPackage } from './lock-file.ts';

/** requirements.txt; what does not pin a version is named among the problems. */
export function readRequirements(text: string): { packages: LockedPackage[]; problems: string[] } {
  const packages: LockedPackage[] = [];
  const problems: string[] = [];
  // A backslash joins lines.
  for (const written of text.replaceAll(/\\\r?\n/g, ' ').split(/\r?\n/)) {
    const line = written.replace(/(?:^|\s)#.*$/, '').replaceAll(/^[ \t\f]+|[ \t\f]+$/g, '');
    if (line === '') continue;
    // Of a short option the value may follow at once: -rmore.txt.
    const option = /^(?:--[a-z][a-z-]*|-[a-z])/i.exec(line)?.[0];
    if (option === '--extra-index-url') {
      problems.push('takes packages from a second index, where anybody may offer the names of the first');
    } else if (option === '-i' || option === '--index-url') {
      if (!/^https:\/\/pypi\.org\/simple\/?$/.test(valueOf(line, option)))
        problems.push('takes its packages from another index than that of PyPI');
    } else if (option === '-f' || option === '--find-links') {
      problems.push('takes packages also from an address or a folder of its own');
    } else if (option === '--trusted-host') {
      problems.push('trusts a host without a certificate');
    } else if (option === '-e' || option === '--editable') {
      packages.push(fromAddress(line.slice(option.length).trim()));
    } else if (['-r', '--requirement', '-c', '--constraint'].includes(option ?? '')) {
      problems.push('names another file, which is read only when it is a requirements*.txt of the project');
    } else if (option === undefined) {
      packages.push(...ofLine(line));
    }
  }
  return { packages, problems };
}

const valueOf = (line: string, option: string) => line.slice(option.length).replace(/^[\s=]+/, '');

function ofLine(line: string): LockedPackage[] {
  const [, name, rest = ''] =
    // A name ends where something else begins: what is invisible in it stays, to be found.
    /^([^ \t[\]()<>=!~;,@/\\'"#]+)[ \t]*(?:\[[^\]]*\])?[ \t]*(.*)$/s.exec(line) ?? [];
  const address = /^@\s*(\S+)/.exec(rest)?.[1];
  if (name === undefined || originOf(line) !== 'registry') return [fromAddress(line)];
  if (address !== undefined) return [{ ...fromAddress(address), name }];
  const version = /^={2,3}\s*([^\s;,*]+)(?=[\s;]|$)/.exec(rest)?.[1] ?? null;
  const hashes = [...line.matchAll(/--hash[= ](\S+)/g)].map(([, hash = '']) => hash);
  return [
    lockedPackage({
      ecosystem: 'pip',
      name,
      version,
      integrity: hashes.length === 0 ? null : hashes.toSorted().join(' '),
    }),
  ];
}

function fromAddress(address: string): LockedPackage {
  const egg = /[#&]egg=([\w.-]+)/.exec(address)?.[1];
  const plain = address.split(/\s/, 1)[0] ?? '';
  const origin = originOf(plain);
  return lockedPackage({
    ecosystem: 'pip',
    name: egg ?? plain.split(/[?#]/, 1)[0]?.split('/').at(-1) ?? plain,
    origin: origin === 'registry' ? 'file' : origin,
    resolved: plain,
    integrity: /#sha256=([\da-f]{64})/.exec(plain)?.[1] ?? null,
  });
}
