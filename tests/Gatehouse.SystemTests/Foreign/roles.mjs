// How the services of the food-delivery system ask who calls: node roles.mjs ADDRESS PROTOS TOKEN... Prints the answers as JSON.
import grpc from "@grpc/grpc-js";
import loader from "@grpc/proto-loader";

const [address, protos, ...tokens] = process.argv.slice(2);
const definition = loader.loadSync("roles.proto", { includeDirs: [protos], keepCase: true, longs: String, enums: String });
const { roles } = grpc.loadPackageDefinition(definition);
const client = new roles.RolesService(address, grpc.credentials.createInsecure());
const ask = (access_token) =>
  new Promise((resolve) =>
    client.GetUserRole({ access_token }, (error, reply) => resolve(error ? { code: error.code, details: error.details } : reply)));

console.log(JSON.stringify(await Promise.all(tokens.map(ask))));
process.exit(0);
