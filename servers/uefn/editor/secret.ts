import { readFileSync } from "node:fs";

// The secret that the listener must prove to know. One that stands in a file is read before each command: the listener
// may make another one each time that it starts, and may start after this.

export type SecretSource =
  | { readonly kind: "none" }
  /** It has the shape of one. */
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "file"; readonly file: string };

export type SecretRead = { readonly secret: string | undefined } | { readonly problem: string };

export const SECRET_SHAPE = "The secret is 1 to 512 printable characters without spaces.";

/** It is sent in a header: printable ASCII. */
export const isSecret = (text: string): boolean => /^[!-~]{1,512}$/u.test(text);

export const readSecret = (source: SecretSource): SecretRead => {
  if (source.kind !== "file") {
    return { secret: source.kind === "text" ? source.text : undefined };
  }
  let text: string;
  try {
    text = readFileSync(source.file, "utf8");
  } catch {
    return {
      problem:
        "The file that --secret-file names cannot be read, so nothing was sent. The secret of the editor's listener belongs there.",
    };
  }
  const secret = text.trim();
  return isSecret(secret)
    ? { secret }
    : { problem: `What --secret-file names holds no secret, so nothing was sent. ${SECRET_SHAPE}` };
};
