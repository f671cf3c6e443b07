using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Encryption;
using Gatehouse.Identity.Values;

namespace Gatehouse.Identity.Data;

/// <summary>What a user tells of themselves. Encrypted at rest. Members that a stored profile lacks were added since it was
/// written.</summary>
/// <param name="About">Free text; null for none.</param>
/// <param name="Languages">BCP 47 tags in canonical case.</param>
internal sealed record Profile(string? About, IReadOnlyList<string> Languages) : IEncryptable<Profile>
{
    public static string Context => "users.profile";

    public static Profile Empty { get; } = new(About: null, []);

    public string? Title { get; init; }

    public string? Website { get; init; }

    /// <summary>Addresses in the user's order.</summary>
    // The generated reader sets what a stored profile lacks to null.
    public IReadOnlyList<string> Links
    {
        get;
        init => field = value ?? [];
    } = [];

    public DateOnly? BirthDate { get; init; }

    /// <summary>What others see, of <see cref="CardFields.All"/>; null while the user decided nothing.</summary>
    public IReadOnlyList<string>? PublicFields { get; init; }

    private bool IsEmpty =>
        About is null
        && Languages.Count == 0
        && Title is null
        && Website is null
        && Links.Count == 0
        && BirthDate is null
        && PublicFields is null;

    /// <returns>Null when there is nothing to keep.</returns>
    public EncryptedValue<Profile>? Encrypt(SubjectKey key) => IsEmpty ? null : key.Encrypt(this);

    public string ToStored() => JsonSerializer.Serialize(this, ProfileJson.Default.Profile);

    public static Profile FromStored(string stored) => JsonSerializer.Deserialize(stored, ProfileJson.Default.Profile)!;

    public override string ToString() => "[profile]";
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Profile))]
internal sealed partial class ProfileJson : JsonSerializerContext;
