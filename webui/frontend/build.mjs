// Builds the browser side into ../static/built: hashed bundles, one icon sprite, and a manifest the pages look names up in.
import { build, context } from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "static", "built");
const entries = ["app.ts", "form.ts", "diagram.ts", "studio.ts", "decision.ts", "form-editor.ts", "portal.ts", "try.ts"];
const watching = process.argv.includes("--watch");

async function sprite() {
  const names = JSON.parse(await readFile(join(here, "icons.json"), "utf8"));
  const symbols = await Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(here, "node_modules/@tabler/icons/icons", `${name}.svg`), "utf8");
      const kind = name.split("/")[0];
      const body = text.slice(text.indexOf(">", text.indexOf("<svg")) + 1, text.lastIndexOf("</svg>")).replace(/\s+/g, " ").trim();
      const paint = kind === "filled" ? 'fill="currentColor"' : 'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"';
      return `<symbol id="${name.split("/")[1]}" viewBox="0 0 24 24" ${paint}>${body}</symbol>`;
    }),
  );
  const text = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
  const file = `icons-${createHash("sha256").update(text).digest("hex").slice(0, 8)}.svg`;
  await writeFile(join(out, file), text);
  return file;
}

/** Names of the built files by entry, and the shared chunks each one needs (for preload). */
function manifest(outputs, icons) {
  const found = { icons };
  for (const [path, output] of Object.entries(outputs)) {
    if (!output.entryPoint) continue;
    const name = relative(join(here, "src"), join(process.cwd(), output.entryPoint)).replace(/\.(ts|css)$/, "");
    const base = relative(out, join(process.cwd(), path));
    if (base.endsWith(".js")) {
      found[`${name}.js`] = base;
      if (output.cssBundle) found[`${name}.css`] = relative(out, join(process.cwd(), output.cssBundle));
    }
  }
  return found;
}

/** A running server always finds a whole build: the new one is complete before the old one goes. */
async function removeOthers(kept) {
  for (const name of await readdir(out)) if (!kept.has(name)) await rm(join(out, name), { recursive: true, force: true });
}

const finish = {
  name: "manifest",
  setup(plugin) {
    plugin.onEnd(async (result) => {
      if (result.errors.length) return;
      const icons = await sprite();
      const names = manifest(result.metafile.outputs, icons);
      await writeFile(join(out, "manifest.new"), JSON.stringify(names, null, 1));
      await rename(join(out, "manifest.new"), join(out, "manifest.json"));
      await removeOthers(new Set([...Object.keys(result.metafile.outputs).map((path) => basename(path)), icons, "manifest.json"]));
    });
  },
};

await mkdir(out, { recursive: true });
const options = {
  entryPoints: entries.map((name) => join(here, "src", name)),
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: !watching,
  sourcemap: watching ? "linked" : false,
  metafile: true,
  legalComments: "linked",
  outdir: out,
  entryNames: "[name]-[hash]",
  chunkNames: "chunk-[hash]",
  assetNames: "asset-[hash]",
  loader: { ".woff": "file", ".woff2": "file", ".ttf": "file", ".eot": "empty", ".svg": "file" },
  alias: { "style-mod": join(here, "src", "shared", "adopted-styles.ts") },
  define: { "process.env.NODE_ENV": '"production"' },
  logLevel: "info",
  plugins: [finish],
};
if (watching) await (await context(options)).watch();
else await build(options);
