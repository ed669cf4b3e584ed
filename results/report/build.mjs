// Builds the report's page: script, style and template become one text, as a C++ file that the writer of reports has in
// it. The page's content-security policy names script and style by their digests, so that nothing else in it ever runs.
// Usage: node build.mjs OUT.cpp
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const bundled = await build({
  entryPoints: [join(here, "src/main.js")],
  bundle: true,
  minify: true,
  write: false,
  format: "iife",
  target: "es2022",
  outdir: "unused",
  legalComments: "inline", // the libraries' licences ask for it
});
const text = (ending) => bundled.outputFiles.find((file) => file.path.endsWith(ending)).text;
const digest = (part) => `sha256-${createHash("sha256").update(part).digest("base64")}`;
const script = text(".js").replaceAll("</script", "<\\/script"),
  style = text(".css");
const page = readFileSync(join(here, "src/page.html"), "utf8")
  .replace("/*SCRIPT-HASH*/", () => digest(script))
  .replace("/*STYLE-HASH*/", () => digest(style))
  .replace("/*STYLE*/", () => style)
  .replace("/*SCRIPT*/", () => script);

const bytes = [...Buffer.from(page, "utf8")];
writeFileSync(
  process.argv[2],
  `// Made by results/report/build.mjs.
#include "results/report/page.h"
namespace headway {
namespace { const unsigned char bytes[] = {${bytes.join(",")}}; }
std::string_view report_page() { return {reinterpret_cast<const char*>(bytes), sizeof bytes}; }
}
`,
);
