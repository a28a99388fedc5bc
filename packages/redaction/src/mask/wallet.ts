import { createHash } from 'node:crypto';

const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
// Ethereum and its like, bech32, Ripple, Stellar and Algorand.
const known =
  /^0[xX]|^[0-9A-Fa-f]{40}$|^[a-z]{2,8}1[02-9ac-hj-np-z]{25,}$|^r[1-9A-HJ-NP-Za-km-z]{24,34}$|^[A-Z2-7]{56,58}$/;
// Solana, Polkadot and Monero say nothing more of theirs than how long they are.
const unchecked = /^(?![0-9a-f]+$)(?:[1-9A-HJ-NP-Za-km-z]{43,48}|[1-9A-HJ-NP-Za-km-z]{95})$/;
const checkedBytes = 25;

/** Whether it may be the address of a wallet: somebody who is paid, and as random as a key. */
export function isWallet(text: string): boolean {
  return known.test(text) || unchecked.test(text) || isChecked(text);
}

// Bitcoin, Tron and many more end with the beginning of a digest.
function isChecked(text: string): boolean {
  if (!/^[1-9A-HJ-NP-Za-km-z]{25,35}$/.test(text)) return false;
  let value = 0n;
  for (const letter of text) value = value * 58n + BigInt(alphabet.indexOf(letter));
  const hex = value.toString(16).padStart(2 * checkedBytes, '0');
  const bytes = Buffer.from(hex, 'hex');
  const digest = sha256(sha256(bytes.subarray(0, -4)));
  return bytes.length === checkedBytes && digest.subarray(0, 4).equals(bytes.subarray(-4));
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest();
