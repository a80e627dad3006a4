import { BlockList, isIP } from "node:net";

/**
 * Addresses that only the machine or its cloud's metadata service answers at (docs/configuration.md). IPv4-mapped
 * IPv6 forms are covered by the block list itself; NAT64 (RFC 6052) and IPv4-compatible forms (RFC 4291) are not.
 */
const NEVER = new BlockList();
NEVER.addSubnet("169.254.0.0", 16, "ipv4");
NEVER.addAddress("100.100.100.200", "ipv4");
NEVER.addSubnet("fe80::", 10, "ipv6");
NEVER.addAddress("fd00:ec2::254", "ipv6");
NEVER.addSubnet("64:ff9b::a9fe:0", 112, "ipv6");
NEVER.addAddress("64:ff9b::6464:64c8", "ipv6");
NEVER.addSubnet("::a9fe:0", 112, "ipv6");
NEVER.addAddress("::6464:64c8", "ipv6");

/** Why a server's own URL may not be used, or the URL. Host names are judged again where they are resolved. */
export const readServerUrl = (text: string): URL | { readonly problem: string } => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) {
    return { problem: "must be a URL such as https://mcp.example.com/mcp" };
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    return { problem: "must be an http or https URL" };
  }
  if (url.username !== "" || url.password !== "") {
    return { problem: "must not hold a user name or password: send them under `headers`" };
  }
  return isForbidden(url.hostname) ? { problem: "must not be a link-local or cloud-metadata address" } : url;
};

const isForbidden = (hostname: string): boolean => {
  const bare = hostname.startsWith("[") ? hostname.slice(1, -1) : hostname.replace(/\.$/, "");
  const version = isIP(bare);
  return version !== 0 && NEVER.check(bare, version === 4 ? "ipv4" : "ipv6");
};
