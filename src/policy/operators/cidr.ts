import { isInBlock, parseAddress, parseBlock } from "./ip.ts";
import { compileEntries, MISFIT, type Test, truth, type Use } from "./operator.ts";

export const compileCidrIn = (use: Use): Test | undefined => {
  const blocks = compileEntries(use, "CIDR blocks", parseBlock);
  if (blocks === undefined) {
    return undefined;
  }
  return (found) => {
    const address = typeof found === "string" ? parseAddress(found) : undefined;
    return address === undefined ? MISFIT : truth(blocks.some((block) => isInBlock(address, block)));
  };
};
