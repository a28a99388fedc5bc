/** What stands at a path inside of a sandbox, in the place of what stands there outside. Paths are absolute, without links. */
export type Place = { at: string } & (
  | {
      /** A directory of the sandbox's own. */
      kind: 'cover';
      source: string;
      readOnly: boolean;
    }
  | {
      /** A file or directory from outside. */
      kind: 'show';
      source: string;
      readOnly: boolean;
    }
  | {
      /** An empty file. */
      kind: 'empty';
      source: string;
    }
  | {
      /** A directory from outside; what is written goes into another one. */
      kind: 'layer';
      lower: string;
      upper: string;
      work: string;
      /** Where it cannot be made, what is written goes where it seems to go. */
      optional?: true;
    }
  | { kind: 'processes' }
  | { kind: 'devices' }
);
