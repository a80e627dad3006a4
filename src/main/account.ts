import { userInfo } from "node:os";
import { isName } from "../base/names.ts";

/** The account this process runs under, as the body of an act has it; some have no name. */
export const account = (): { readonly user?: string } => {
  try {
    const { username } = userInfo();
    return isName(username) ? { user: username } : {};
  } catch {
    return {};
  }
};
