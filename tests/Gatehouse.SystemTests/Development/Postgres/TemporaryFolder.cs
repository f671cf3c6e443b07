using System.Security.Cryptography;

namespace Gatehouse.SystemTests.Development.Postgres;

/// <summary>A path of its own among the temporary files; what comes to lie there is removed at the end.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string FullPath { get; } =
        Path.Combine(Path.GetTempPath(), "gatehouse-test-" + RandomNumberGenerator.GetHexString(12, lowercase: true));

    public void Dispose()
    {
        if (Directory.Exists(FullPath))
            Directory.Delete(FullPath, recursive: true);
    }
}
