// What AsyncAPI's own parser finds in a document, and which examples do not match their schema. Argument: the file. Out: {"messages": [names],
// "diagnostics": [{"severity", "code", "message", "path"}], "examples": [errors]}; severity 0 is an error.
import { readFileSync } from 'node:fs';
import { Parser } from '@asyncapi/parser';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
const { document, diagnostics } = await new Parser().parse(readFileSync(process.argv[2], 'utf8'));
const messages = document?.components().messages().all() ?? [];
const examples = messages.flatMap((message) => {
  const fits = ajv.compile(message.payload().json());
  const found = message.examples().all();
  if (found.length === 0) return [`${message.name()} has no example`];
  return found.flatMap((example) => (fits(example.payload()) ? [] : fits.errors.map((e) => `${message.name()} ${e.instancePath} ${e.message}`)));
});
console.log(
  JSON.stringify({
    messages: messages.map((message) => message.name()),
    diagnostics: diagnostics.map(({ severity, code, message, path }) => ({ severity, code, message, path })),
    examples,
  }),
);
