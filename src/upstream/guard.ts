import { lookup } from "node:dns";
import { BlockList, isIP, isIPv6 } from "node:net";
import type { LookupFunction } from "node:net";

/** Addresses no server may have: link-local ones and those where clouds tell machines their secrets (docs/configuration.md). */
const FORBIDDEN = new BlockList();
FORBIDDEN.addSubnet("169.254.0.0", 16, "ipv4");
FORBIDDEN.addSubnet("fe80::", 10, "ipv6");
FORBIDDEN.addAddress("fd00:ec2::254", "ipv6");
FORBIDDEN.addAddress("100.100.100.200", "ipv4");

/** The prefixes under which IPv6 carries an IPv4 address in its last 32 bits (RFC 4291 section 2.5.5, RFC 6052). */
const CARRIERS = new BlockList();
CARRIERS.addSubnet("::", 96, "ipv6");
CARRIERS.addSubnet("::ffff:0:0", 96, "ipv6");
CARRIERS.addSubnet("::ffff:0:0:0", 96, "ipv6");
CARRIERS.addSubnet("64:ff9b::", 96, "ipv6");

/** The last 32 bits of an IPv6 address as IPv4. The URL parser writes an address in its shortest form, all hexadecimal. */
const carriedIpv4 = (address: string): string | undefined => {
  const { hostname } = new URL(`http://[${address}]/`);
  const groups = hostname.slice(1, -1).split(":");
  const low = Number.parseInt(groups.at(-1) ?? "", 16) || 0;
  const high = Number.parseInt(groups.at(-2) ?? "", 16) || 0;
  return `${high >> 8}.${high & 0xff}.${low >> 8}.${low & 0xff}`;
};

/** Whether no server may have this IP address. What is no IP address is forbidden too. */
export const addressIsForbidden = (address: string): boolean => {
  const [bare = ""] = address.split("%");
  const version = isIP(bare);
  if (version === 0) {
    return true;
  }
  if (FORBIDDEN.check(bare, version === 4 ? "ipv4" : "ipv6")) {
    return true;
  }
  const carried = version === 6 && CARRIERS.check(bare, "ipv6") ? carriedIpv4(bare) : undefined;
  return carried !== undefined && FORBIDDEN.check(carried, "ipv4");
};

/** Why a server's URL is refused, in one sentence; `undefined` where it is good as far as can be seen without asking DNS. */
export const serverUrlFault = (text: string): string | undefined => {
  const url = URL.parse(text);
  if (url === null) {
    return "The URL of the server is not a URL.";
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    return "The URL of the server must be http or https.";
  }
  if (url.username !== "" || url.password !== "") {
    return "The URL of the server must not have a user or a password in it.";
  }
  const host = url.hostname.startsWith("[") ? url.hostname.slice(1, -1) : url.hostname;
  return isIP(host) !== 0 && addressIsForbidden(host)
    ? "The URL of the server is a link-local or cloud metadata address."
    : undefined;
};

/** A name that leads to an address no server may have. */
export class ForbiddenAddress extends Error {
  override readonly name = "ForbiddenAddress";
}

/**
 * Resolves a name and refuses it if any of its addresses is forbidden. It runs at every connect, so that a name
 * cannot be good when it is looked at and bad when it is used.
 */
export const guardedLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) {
      callback(error, "");
    } else if (addresses.some(({ address }) => addressIsForbidden(address))) {
      callback(new ForbiddenAddress("The name leads to a link-local or cloud metadata address."), "");
    } else if (options.all === true) {
      callback(null, addresses);
    } else {
      const [first] = addresses;
      callback(null, first?.address ?? "", isIPv6(first?.address ?? "") ? 6 : 4);
    }
  });
};
