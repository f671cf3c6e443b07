# A gRPC client of another language: python3 rpc.py ADDRESS DESCRIPTORS TOKEN USER_TOKEN. Prints what it got as JSON.
import json
import sys

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory

address, descriptors, token, user_token = sys.argv[1:]
files = descriptor_pb2.FileDescriptorSet()
with open(descriptors, "rb") as stored:
    files.ParseFromString(stored.read())
pool = descriptor_pool.DescriptorPool()
for file in files.file:
    pool.Add(file)
messages = message_factory.MessageFactory(pool)


def message(name):
    return messages.GetPrototype(pool.FindMessageTypeByName("gatehouse.v1." + name))


channel = grpc.insecure_channel(address)
caller = (("authorization", "Bearer " + token),)


def call(method, request, reply, values, metadata=caller):
    stub = channel.unary_unary(
        "/gatehouse.v1." + method,
        request_serializer=lambda m: m.SerializeToString(),
        response_deserializer=message(reply).FromString,
    )
    try:
        return json_format.MessageToDict(stub(message(request)(**values), metadata=metadata, timeout=20))
    except grpc.RpcError as error:
        return {"code": error.code().value[0], "details": error.details()}


good = call("Tokens/Check", "CheckRequest", "CheckReply", {"token": user_token})
stream = channel.unary_stream(
    "/gatehouse.v1.Tokens/WatchRevocations",
    request_serializer=lambda m: m.SerializeToString(),
    response_deserializer=message("WatchRevocationsReply").FromString,
)(message("WatchRevocationsRequest")(), metadata=caller, timeout=20)
cursors = [reply.cursor for reply, _ in zip(stream, range(3))]
stream.cancel()
print(json.dumps({
    "good": good,
    "bad": call("Tokens/Check", "CheckRequest", "CheckReply", {"token": "x"}),
    "nobody": call("Tokens/Check", "CheckRequest", "CheckReply", {"token": user_token}, ()),
    "allowed": call("Access/Authorize", "AuthorizeRequest", "AuthorizeReply", {"token": user_token, "permission": "users:read"}),
    "user": call("Users/Get", "GetUserRequest", "User", {"id": good["user"]}),
    "watched": cursors[-1],
}))
