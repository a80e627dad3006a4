import { BlockList, isIP } from "node:net";

// Addresses that are not of the public internet: this machine, its networks, and what has no host.

const NOT_PUBLIC_V4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
] as const;

/** Of IPv6 only global unicast is public, without the parts of it that stand for IPv4 or for nobody. */
const NOT_PUBLIC_V6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"] as const;
const GLOBAL_UNICAST = "2000::/3";

const blockListOf = (nets: readonly string[], family: "ipv4" | "ipv6"): BlockList => {
  const blocked = new BlockList();
  for (const net of nets) {
    const [address = "", bits = ""] = net.split("/");
    blocked.addSubnet(address, Number(bits), family);
  }
  return blocked;
};

const V4 = blockListOf(NOT_PUBLIC_V4, "ipv4");
const V6 = blockListOf(NOT_PUBLIC_V6, "ipv6");
const V6_GLOBAL = blockListOf([GLOBAL_UNICAST], "ipv6");

export const isPublic = (address: string): boolean => {
  const family = isIP(address);
  if (family === 4) {
    return !V4.check(address, "ipv4");
  }
  return family === 6 && V6_GLOBAL.check(address, "ipv6") && !V6.check(address, "ipv6");
};
