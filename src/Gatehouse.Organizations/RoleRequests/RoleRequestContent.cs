using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Encryption;

namespace Gatehouse.Organizations.RoleRequests;

/// <summary>What the requester and the reviewers wrote. Encrypted with the requester's key: it goes with the account.</summary>
internal sealed record RoleRequestContent(IReadOnlyDictionary<string, string> Form, IReadOnlyList<ReviewComment> Comments)
    : IEncryptable<RoleRequestContent>
{
    public static string Context => "role_requests.content";

    public string ToStored() => JsonSerializer.Serialize(this, RoleRequestContentJson.Default.RoleRequestContent);

    public static RoleRequestContent FromStored(string stored) =>
        JsonSerializer.Deserialize(stored, RoleRequestContentJson.Default.RoleRequestContent)!;

    public override string ToString() => "[personal]";
}

/// <summary>A reviewer's comment.</summary>
/// <param name="State">The state that the request got with it.</param>
internal sealed record ReviewComment(Guid By, DateTimeOffset At, string State)
{
    public required string Text { get; init; }

    public override string ToString() => "[comment]";
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(RoleRequestContent))]
internal sealed partial class RoleRequestContentJson : JsonSerializerContext;
