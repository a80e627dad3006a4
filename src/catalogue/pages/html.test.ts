import { describe, expect, it } from "vitest";
import { html, lines } from "./html.ts";
import { visibleText } from "../visible-text.ts";

describe("html", () => {
  it("escapes text and attributes, and nothing twice that is HTML already", () => {
    const inner = html`<b>${"<i>&\"'"}</b>`;
    expect(html`<p title="${'"><img>'}">${inner}</p>`.text).toBe(
      '<p title="&quot;&gt;&lt;img&gt;"><b>&lt;i&gt;&amp;&quot;&#39;</b></p>',
    );
  });

  it("takes lists, numbers and nothing", () => {
    expect(html`${[1, "<", undefined, html`<br />`]}`.text).toBe("1&lt;<br />");
  });

  it("shows what cannot be seen", () => {
    expect(html`${"a\u202Eb\u0000\n"}`.text).toBe("a\\u202eb\\u0000\\u000a");
    expect(lines("a\n<\u2028").text).toBe("a\n&lt;\\u2028");
    expect(visibleText("x\u{E0041}\uD800")).toBe("x\\udb40\\udc41\\ud800");
    expect(visibleText("Ünïcödé 😀")).toBe("Ünïcödé 😀");
  });
});
