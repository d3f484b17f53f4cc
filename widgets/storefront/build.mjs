/**
 * Makes the served files in static/storefront from the modules in src/.
 *
 * `npm run build` writes them; `npm run check` builds beside them, compares byte for byte and holds
 * the sizes to the budget: what every page loads up to 2 kB, a pop-up on need up to 4 kB (brotli).
 * build.json carries the sources' fingerprint, so that stale files show without Node too.
 */

import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import esbuild from "esbuild";
import { ENGLISH } from "./src/texts.js";

const HERE = dirname(fileURLToPath(import.meta.url));
const SRC = join(HERE, "src");
const SERVED = join(HERE, "../../static/storefront");
const LOADER = "rebasket.js";
const BUDGET = {
  [LOADER]: 2000,
  "course.js": 1500,
  "watch.js": 1000,
  "popup.js": 4000,
  "reminder.js": 4000,
  "report.js": 1000,
  "shopify.js": 1000,
  "texts.js": 1000,
};

const digest = (data) => createHash("sha256").update(data).digest("hex");

/** Style sheets become minified strings inside the code: no request, no inline style. */
const cssAsText = {
  name: "css-as-text",
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const options = {
        entryPoints: [path],
        bundle: true,
        minify: true,
        write: false,
        charset: "utf8",
      };
      const { outputFiles } = await esbuild.build(options);
      return { contents: outputFiles[0].text.trim(), loader: "text" };
    });
  },
};

async function bundle(name, format, define = {}) {
  const { outputFiles } = await esbuild.build({
    entryPoints: [join(SRC, name)],
    bundle: true,
    minify: true,
    write: false,
    format,
    define,
    target: ["chrome103", "firefox101", "safari16.4"],
    charset: "utf8",
    legalComments: "none",
    plugins: [cssAsText],
  });
  return Buffer.from(outputFiles[0].contents);
}

/** Returns the served files by name. The loader names the fingerprint of its parts. */
async function build() {
  const files = {};
  for (const name of Object.keys(BUDGET))
    if (name !== LOADER)
      files[name] = await bundle(name, "esm", { TEXTS: String(Object.keys(ENGLISH).length) });
  const chunks = digest(Buffer.concat(Object.values(files))).slice(0, 8);
  files[LOADER] = await bundle(LOADER, "iife", { CHUNKS: JSON.stringify(chunks) });
  const sizes = Object.entries(files).map(([name, data]) => [
    name,
    { bytes: data.length, brotli: brotliCompressSync(data).length, sha256: digest(data) },
  ]);
  const facts = {
    sources: await fingerprint(),
    chunks,
    texts: ENGLISH,
    files: Object.fromEntries(sizes),
  };
  files["build.json"] = Buffer.from(`${JSON.stringify(facts, null, 2)}\n`);
  return { files, facts };
}

/** Returns one digest over the sources: sorted names and contents, each followed by a NUL. */
async function fingerprint() {
  const names = (await readdir(SRC)).sort();
  const parts = await Promise.all(
    names.map(async (name) => `${name}\0${await readFile(join(SRC, name), "utf8")}\0`),
  );
  return digest(parts.join(""));
}

function overBudget({ files }) {
  return Object.entries(files).flatMap(([name, { brotli }]) => {
    console.log(
      `${name.padEnd(12)} ${String(brotli).padStart(5)} of ${BUDGET[name]} bytes (brotli)`,
    );
    return brotli > BUDGET[name] ? [`${name} is over its budget`] : [];
  });
}

async function stale(files) {
  const served = (await readdir(SERVED)).sort();
  const unexpected = served
    .filter((name) => !(name in files))
    .map((name) => `${name} is not built from src`);
  const differing = await Promise.all(
    Object.entries(files).map(async ([name, data]) => {
      const old = await readFile(join(SERVED, name)).catch(() => null);
      return old?.equals(data) ? [] : [`${name} differs from its source: run npm run build`];
    }),
  );
  return unexpected.concat(...differing);
}

const { files, facts } = await build();
const problems = overBudget(facts);
if (process.argv.includes("--check")) problems.push(...(await stale(files)));
else {
  await mkdir(SERVED, { recursive: true });
  for (const [name, data] of Object.entries(files)) await writeFile(join(SERVED, name), data);
}
for (const problem of problems) console.error(problem);
process.exitCode = problems.length ? 1 : 0;
