using System.Text.Json;
using Gatehouse.SystemTests.Harness;
using Gatehouse.V1;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Gatehouse.SystemTests.Rpc;

/// <summary>Clients of other languages, which know the address and the protocol files.</summary>
[Collection(RpcGroup.Name), Trait("Speed", "Slow")]
public sealed class ForeignRpcTests(RpcApp rpc) : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("gatehouse-rpc-").FullName;

    private string Address => rpc.Address.Authority;

    [Fact]
    public async Task Node_is_told_whose_token_it_is_and_what_was_revoked()
    {
        var protos = Path.Combine(AppContext.BaseDirectory, "Protos");
        AssertTold(await NodePackages.RunAsync("Foreign", "node", "rpc.mjs", Address, protos, rpc.Token, rpc.Admin.Tokens.Access));
    }

    [Fact]
    public async Task Python_is_told_whose_token_it_is_and_what_was_revoked()
    {
        var descriptors = Path.Combine(folder, "descriptors");
        var files = new FileDescriptorSet
        {
            File =
            {
                Google.Protobuf.WellKnownTypes.TimestampReflection.Descriptor.ToProto(),
                TokensReflection.Descriptor.ToProto(),
                AccessReflection.Descriptor.ToProto(),
                UsersReflection.Descriptor.ToProto(),
            },
        };
        await File.WriteAllBytesAsync(descriptors, files.ToByteArray());
        using var python = NodePackages.Start(
            "Foreign",
            "/usr/bin/python3",
            "rpc.py",
            Address,
            descriptors,
            rpc.Token,
            rpc.Admin.Tokens.Access
        );
        var output = await python.StandardOutput.ReadToEndAsync();
        await python.WaitForExitAsync();
        AssertTold((python.ExitCode, output));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private void AssertTold((int ExitCode, string Output) run)
    {
        Assert.True(run.ExitCode == 0, run.Output);
        using var document = JsonDocument.Parse(run.Output);
        var told = document.RootElement;
        Assert.Equal(rpc.Admin.UserId.ToString(), told.GetProperty("good").GetProperty("user").GetString());
        Assert.Contains("users:read", told.GetProperty("good").GetProperty("permissions").EnumerateArray().Select(p => p.GetString()));
        foreach (var rejected in new[] { "bad", "nobody" })
        {
            Assert.Equal(16, told.GetProperty(rejected).GetProperty("code").GetInt32());
            Assert.NotEqual("", told.GetProperty(rejected).GetProperty("details").GetString());
        }

        Assert.True(told.GetProperty("allowed").GetProperty("allowed").GetBoolean());
        Assert.Equal(rpc.Admin.Email, told.GetProperty("user").GetProperty("email").GetString());
        Assert.Equal(11, told.GetProperty("watched").GetString()!.Length);
    }
}
