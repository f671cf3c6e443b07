// Validates answers against an OpenAPI 3.1 document by Ajv, which knows nothing of Gatehouse. Argument: the file of the document. Each line in is {"method", "path",
// "status", "type", "body"}; each line out is {"errors": [...]}.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const document = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
for (const format of ['int32', 'int64']) ajv.addFormat(format, true);
ajv.addSchema(document, 'openapi.json');

const matches = (template, path) => new RegExp(`^${template.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(path);
const escaped = (text) => encodeURIComponent(text.replaceAll('~', '~0').replaceAll('/', '~1'));

for await (const line of createInterface({ input: process.stdin })) {
  const { method, path, status, type, body } = JSON.parse(line);
  const template = Object.keys(document.paths).find((t) => t === path) ?? Object.keys(document.paths).find((t) => matches(t, path));
  const answer = document.paths[template]?.[method.toLowerCase()]?.responses?.[status];
  let errors = [];
  if (!answer) errors = [`${method} ${path} documents no ${status}`];
  else if (body === null) errors = answer.content ? ['a body is documented'] : [];
  else if (!answer.content?.[type]) errors = [`${status} documents no ${type}`];
  else {
    const validate = ajv.compile({ $ref: `openapi.json#/paths/${escaped(template)}/${method.toLowerCase()}/responses/${status}/content/${escaped(type)}/schema` });
    if (!validate(body)) errors = validate.errors.map((e) => `${e.instancePath} ${e.message}`);
  }
  console.log(JSON.stringify({ errors }));
}
