import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { hostname, networkInterfaces } from 'node:os';
import { StudioError } from '../../preload/contract/index.ts';

/** Decides who may talk to the headless host. */
export interface Gate {
  /**
   * True when a `Host` header names this server. A page of another site whose name was made to point here (DNS
   * rebinding) sends that site's name and is refused.
   */
  knowsHost(header: string | undefined): boolean;
  /** True when an `Origin` header is the page that this server gave out. A missing one is refused: browsers send it. */
  knowsOrigin(origin: string | undefined, host: string | undefined): boolean;
  /** Compares in constant time. */
  knowsToken(presented: string | undefined): boolean;
  /** A word that {@link Gate.redeem} takes once, within a minute. */
  createTicket(): string;
  /** The token for a ticket, or null. */
  redeem(ticket: string): string | null;
}

const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]'];
const TICKET_LIFE_MS = 60_000;
const WILDCARDS = new Set(['0.0.0.0', '::']);

/** True for addresses that only programs on this machine can reach. */
export function isLoopback(address: string): boolean {
  return address === 'localhost' || address === '::1' || /^127(\.\d{1,3}){3}$/.test(address);
}

/**
 * A gate for a server that listens on `address` and `port`.
 *
 * @param token as {@link parseToken} or {@link createToken} returned it.
 */
export function createGate(address: string, port: number, token: string): Gate {
  const names = new Set(namesOf(address).map((name) => `${name}:${port}`.toLowerCase()));
  const expected = digest(token);
  const knowsHost = (header: string | undefined): boolean =>
    header !== undefined && names.has(header.toLowerCase());
  const tickets = new Map<string, number>();
  return {
    createTicket() {
      const ticket = createToken();
      tickets.set(ticket, Date.now() + TICKET_LIFE_MS);
      return ticket;
    },
    redeem(ticket) {
      const expiry = tickets.get(ticket);
      tickets.delete(ticket);
      return expiry !== undefined && Date.now() < expiry ? token : null;
    },
    knowsHost,
    knowsOrigin: (origin, host) =>
      host !== undefined && knowsHost(host) && origin?.toLowerCase() === `http://${host.toLowerCase()}`,
    knowsToken: (presented) => presented !== undefined && timingSafeEqual(digest(presented), expected),
  };
}

/** 256 random bits in the URL-safe base64 alphabet. */
export function createToken(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * Checks a token that a person chose.
 *
 * @throws StudioError `host/token-invalid`
 */
export function parseToken(token: string): string {
  if (/^[A-Za-z0-9_-]{16,256}$/.test(token)) return token;
  throw new StudioError(
    'host/token-invalid',
    `A token has 16 to 256 letters, digits, "-" or "_"; this one has ${token.length} characters.`,
    'Choose a longer one, or leave it out: one is made at random.',
  );
}

/** Addresses of this machine that other machines can reach, IPv4 first. */
export function outwardAddresses(): readonly string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter((address) => !address.internal)
    .sort((a, b) => a.family.localeCompare(b.family))
    .map((address) => (address.family === 'IPv6' ? `[${address.address}]` : address.address));
}

function namesOf(address: string): readonly string[] {
  if (isLoopback(address)) return LOOPBACK_NAMES;
  if (!WILDCARDS.has(address)) return [address.includes(':') ? `[${address}]` : address];
  return [...LOOPBACK_NAMES, ...outwardAddresses(), hostname(), `${hostname()}.local`];
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
