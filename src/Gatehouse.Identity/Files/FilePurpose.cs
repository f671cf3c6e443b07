namespace Gatehouse.Identity.Files;

/// <summary>What a file is for, which decides what it may be. Nothing is on a list that a browser would run.</summary>
internal sealed record FilePurpose(string Name, long MaxBytes, IReadOnlyList<string> ContentTypes)
{
    public static IReadOnlyList<FilePurpose> All { get; } =
    [new("document", 20 * 1024 * 1024, ["application/pdf", "image/jpeg", "image/png", "image/webp", "text/csv", "text/plain"])];

    public static FilePurpose? Find(string? name) => All.FirstOrDefault(purpose => purpose.Name == name);
}
