// Reads the path of a Dockerfile and of a compose file; answers what a linter says of the one and what a YAML parser reads in the other.
import { readFileSync } from "node:fs";
import { validate } from "dockerfile-utils";
import { parse } from "yaml";

const [dockerfile, compose] = process.argv.slice(2);
const findings = validate(readFileSync(dockerfile, "utf8")).map((d) => `${d.range.start.line + 1}: ${d.message}`);
console.log(JSON.stringify({ findings, compose: parse(readFileSync(compose, "utf8"), { merge: true }) }));
