import { Contrib, Enums, Models } from '@cyclonedx/cyclonedx-library';
import { PackageURL } from 'packageurl-js';
import parseExpression from 'spdx-expression-parse';
import { nameAndVersion, type LockedPackage } from './lock-file.ts';
import { workspaceNode } from './dependency-graph.ts';
import type { Part } from './own-parts.ts';
import type { Manifest } from './source.ts';

const licenceFactory = new Contrib.License.Factories.LicenseFactory(parseExpression);

/** A package of the registry. */
export function packageComponent(
  key: string,
  locked: LockedPackage,
  scope: Enums.ComponentScope,
  licence: string | undefined,
): Models.Component {
  const { name: fullName, version: keyVersion } = nameAndVersion(key);
  const version = locked.version ?? keyVersion;
  const { group, name } = groupAndName(fullName);
  const { integrity, tarball } = locked.resolution;
  // A registry's package is known by its name and version; anything else by where it is fetched from.
  const qualifiers = tarball === undefined ? undefined : { download_url: tarball };
  return new Models.Component(Enums.ComponentType.Library, name, {
    ...(group !== undefined && { group }),
    version,
    bomRef: key,
    purl: new PackageURL('npm', group, name, version, qualifiers).toString(),
    scope,
    licenses: licences(licence),
    hashes: hashes(integrity),
    properties: developmentProperty(scope),
  });
}

/** A workspace of this repository. */
export function workspaceComponent(
  folder: string,
  manifest: Manifest,
  scope?: Enums.ComponentScope,
): Models.Component {
  const { group, name } = groupAndName(manifest.name);
  const { version, description } = manifest;
  const type = folder.startsWith('packages/') ? Enums.ComponentType.Library : Enums.ComponentType.Application;
  const properties = developmentProperty(scope);
  if (manifest.private) properties.add(new Models.Property('cdx:npm:package:private', 'true'));
  return new Models.Component(type, name, {
    ...(group !== undefined && { group }),
    version,
    bomRef: workspaceNode(folder),
    ...(description !== undefined && { description }),
    // What is not published must not be looked up as if it were.
    ...(!manifest.private && { purl: new PackageURL('npm', group, name, version).toString() }),
    ...(scope !== undefined && { scope }),
    licenses: licences(manifest.license),
    properties,
  });
}

/** A program that is no package of npm. */
export function partComponent(part: Part): Models.Component {
  const { name, version, description, licence, cpe, providedBy, runtime } = part;
  const scope = runtime ? Enums.ComponentScope.Required : Enums.ComponentScope.Excluded;
  const properties = developmentProperty(scope);
  properties.add(new Models.Property('actp:provided-by', providedBy));
  const component = new Models.Component(
    name === 'node' ? Enums.ComponentType.Platform : Enums.ComponentType.Application,
    name,
    {
      ...(version !== undefined && { version }),
      bomRef: `part:${name}`,
      description,
      purl: new PackageURL('generic', undefined, name, version).toString(),
      scope,
      licenses: licences(licence),
      properties,
    },
  );
  if (cpe !== undefined && version !== undefined) component.cpe = `cpe:2.3:a:${cpe}:${version}:*:*:*:*:*:*:*`;
  return component;
}

function groupAndName(fullName: string): { group: string | undefined; name: string } {
  const slash = fullName.indexOf('/');
  return slash === -1
    ? { group: undefined, name: fullName }
    : { group: fullName.slice(0, slash), name: fullName.slice(slash + 1) };
}

function licences(declared: string | undefined): Models.LicenseRepository {
  return new Models.LicenseRepository(declared ? [licenceFactory.makeFromString(declared)] : []);
}

const algorithms: Readonly<Record<string, Enums.HashAlgorithm>> = {
  sha1: Enums.HashAlgorithm['SHA-1'],
  sha256: Enums.HashAlgorithm['SHA-256'],
  sha384: Enums.HashAlgorithm['SHA-384'],
  sha512: Enums.HashAlgorithm['SHA-512'],
};

/** @param integrity as in `integrity` attributes: `sha512-...=`, or several of them */
function hashes(integrity: string | undefined): Models.HashDictionary {
  const dictionary = new Models.HashDictionary();
  for (const one of integrity?.split(/\s+/) ?? []) {
    const [name = '', digest = ''] = one.split('-', 2);
    const algorithm = algorithms[name];
    if (algorithm !== undefined) dictionary.set(algorithm, Buffer.from(digest, 'base64').toString('hex'));
  }
  return dictionary;
}

/** As in CycloneDX' list of property names, beside the scope, which some readers leave out. */
function developmentProperty(scope: Enums.ComponentScope | undefined): Models.PropertyRepository {
  const development = scope === Enums.ComponentScope.Excluded;
  return new Models.PropertyRepository(
    development ? [new Models.Property('cdx:npm:package:development', 'true')] : [],
  );
}
