import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { useExtraCertificates } from './extra-certificates.ts';

let root: string;
const trusted = () => new Set(tls.getCACertificates('default'));
// Once over, after which each stands there once and in one form.
tls.setDefaultCACertificates([...trusted()]);
const before = [...trusted()];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'actp-ca-'));
});
afterEach(async () => {
  tls.setDefaultCACertificates(before);
  await rm(root, { recursive: true, force: true });
});

describe('NODE_EXTRA_CA_CERTS', () => {
  it('is trusted besides what Node trusts, also from a path in the repository', async () => {
    const [first = '', second = '', ...others] = before;
    tls.setDefaultCACertificates(others);
    await writeFile(join(root, 'ca.pem'), `# ours\n${first}\n${second}\n`);
    useExtraCertificates(root, { NODE_EXTRA_CA_CERTS: 'ca.pem' });
    expect(trusted()).toEqual(new Set(before));
  });

  it.each([
    ['is missing', undefined],
    ['holds none', 'no certificate'],
    ['holds a broken one', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'],
  ])('is refused when the file %s', async (_what, content) => {
    if (content !== undefined) await writeFile(join(root, 'ca.pem'), content);
    const use = () => useExtraCertificates(root, { NODE_EXTRA_CA_CERTS: join(root, 'ca.pem') });
    expect(use).toThrow('NODE_EXTRA_CA_CERTS: must be a readable file with certificates');
    expect(use).not.toThrow(root);
  });

  it('changes nothing when it is not set', () => {
    useExtraCertificates(root, {});
    expect(trusted()).toEqual(new Set(before));
  });
});
