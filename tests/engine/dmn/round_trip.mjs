// Reads a DMN file as dmn-js does and writes it again: argv[2] is webui/frontend/package.json, the file comes on stdin.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const { DmnModdle } = await import(pathToFileURL(createRequire(process.argv[2]).resolve("dmn-moddle")));
const moddle = new DmnModdle();
const { rootElement, warnings } = await moddle.fromXML(readFileSync(0, "utf8"), "dmn:Definitions");
if (warnings.length) throw new Error(warnings.map((each) => each.message).join("\n"));
const { xml } = await moddle.toXML(rootElement, { format: true });
process.stdout.write(xml);
