// A gRPC client of another language: node rpc.mjs ADDRESS PROTOS TOKEN USER_TOKEN. Prints what it got as JSON.
import grpc from "@grpc/grpc-js";
import loader from "@grpc/proto-loader";

const [address, protos, token, userToken] = process.argv.slice(2);
const definition = loader.loadSync(
  ["tokens", "access", "users"].map((name) => `gatehouse/v1/${name}.proto`),
  { includeDirs: [protos], keepCase: true, longs: String, enums: String, oneofs: true },
);
const { v1 } = grpc.loadPackageDefinition(definition).gatehouse;
const metadata = new grpc.Metadata();
metadata.set("authorization", `Bearer ${token}`);
const open = (service) => new service(address, grpc.credentials.createInsecure());
const call = (client, method, request, sent = metadata) =>
  new Promise((resolve) =>
    client[method](request, sent, (error, reply) =>
      resolve(error ? { code: error.code, details: error.details } : reply)));

const tokens = open(v1.Tokens);
const good = await call(tokens, "Check", { token: userToken });
const bad = await call(tokens, "Check", { token: "x" });
const nobody = await call(tokens, "Check", { token: userToken }, new grpc.Metadata());
const allowed = await call(open(v1.Access), "Authorize", { token: userToken, permission: "users:read" });
const user = await call(open(v1.Users), "Get", { id: good.user });
const watched = await new Promise((resolve, reject) => {
  const stream = tokens.WatchRevocations({}, metadata);
  let messages = 0;
  stream.on("data", (reply) => {
    if (++messages < 3) return;
    stream.on("error", () => {});
    stream.cancel();
    resolve(reply.cursor);
  });
  stream.on("error", reject);
});
console.log(JSON.stringify({ good, bad, nobody, allowed, user, watched }));
process.exit(0);
