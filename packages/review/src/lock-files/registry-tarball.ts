/**
 * Whether an address has the form in which registries of npm packages serve archives, `/-/name-1.2.3.tgz`, whatever the host: a mirror of one's
 * own is no finding.
 */
export const isRegistryTarball = (address: string): boolean =>
  /^https?:\/\/[^/]+\/(?:.*\/)?-\/[^/]+\.tgz(?:[?#]|$)/i.test(address);
