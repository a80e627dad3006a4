import { lintSource } from "@secretlint/core";
import { rules } from "@secretlint/secretlint-rule-preset-recommend";
import type { Found, SecretFinder } from "../audit/secret.ts";

const PREFIX = "@secretlint/secretlint-rule-";

/** Comments such as `secretlint-disable` are for people who know their own file: here they would be a way past. */
const OBEYS_COMMENTS = `${PREFIX}filter-comments`;

const CONFIG = {
  rules: rules
    .filter(({ meta }) => meta.id !== OBEYS_COMMENTS)
    .map((rule) => ({ id: rule.meta.id, rule, options: {} })),
};

/** Finds secrets by secretlint's recommended rules. Rejects where a rule fails. */
export const findByRules: SecretFinder = async (text) => {
  const { messages } = await lintSource({
    source: { content: text, filePath: "arguments.txt", ext: ".txt", contentType: "text" },
    options: { config: CONFIG, noPhysicFilePath: true },
  });
  return messages.map(({ range: [start, end], ruleId, messageId }): Found => ({
    start,
    end,
    kind: kindOf(ruleId, messageId),
  }));
};

/** `GITHUB_TOKEN` of `…-rule-github` is a "github token"; messages that are no such constant go by their rule. */
const kindOf = (ruleId: string, messageId: string): string =>
  (/^[A-Z0-9_]+$/.test(messageId) ? messageId : ruleId.replace(PREFIX, ""))
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, " ");
