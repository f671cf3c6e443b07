using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Encryption;

namespace Gatehouse.Identity.Data;

/// <summary>What a user tells of themselves. Encrypted at rest.</summary>
/// <param name="About">Free text; null for none.</param>
/// <param name="Languages">BCP 47 tags in canonical case.</param>
internal sealed record Profile(string? About, IReadOnlyList<string> Languages)
{
    private const string Context = "users.profile";

    public static Profile Empty { get; } = new(About: null, []);

    public static Profile Open(SubjectKey key, byte[] box) => JsonSerializer.Deserialize(key.Open(Context, box), ProfileJson.Default.Profile)!;

    /// <returns>Null when there is nothing to keep.</returns>
    public byte[]? Seal(SubjectKey key) =>
        About is null && Languages.Count == 0 ? null : key.Seal(Context, JsonSerializer.Serialize(this, ProfileJson.Default.Profile));

    public override string ToString() => "[profile]";
}

[JsonSerializable(typeof(Profile))]
internal sealed partial class ProfileJson : JsonSerializerContext;
