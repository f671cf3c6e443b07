# The same in the language of the other services: python3 roles.py ADDRESS DESCRIPTORS TOKEN... Prints the answers as JSON.
import json
import sys

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

address, descriptors, *tokens = sys.argv[1:]
files = descriptor_pb2.FileDescriptorSet()
with open(descriptors, "rb") as stored:
    files.ParseFromString(stored.read())
pool = descriptor_pool.DescriptorPool()
for file in files.file:
    pool.Add(file)
messages = message_factory.MessageFactory(pool)
request = messages.GetPrototype(pool.FindMessageTypeByName("roles.GetUserRoleRequest"))
reply = messages.GetPrototype(pool.FindMessageTypeByName("roles.GetUserRoleResponse"))
ask = grpc.insecure_channel(address).unary_unary(
    "/roles.RolesService/GetUserRole",
    request_serializer=lambda m: m.SerializeToString(),
    response_deserializer=reply.FromString,
)


def answer(token):
    try:
        got = ask(request(access_token=token))
        return {"user_id": int(got.user_id), "role": int(got.role)}
    except grpc.RpcError as error:
        return {"code": error.code().value[0], "details": error.details()}


print(json.dumps([answer(token) for token in tokens]))
