using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.Development.Postgres;

/// <summary>Where the server's socket lies: beside its data, or in a short folder for temporary files when that cannot be.</summary>
internal static class SocketFolder
{
    public const int Port = 5432;

    /// <summary>sun_path holds 108 bytes, the last of which is zero (unix(7)).</summary>
    public const int MaxSocketPathLength = 107;

    public static string Choose(string serverFolder, string temporaryFolder)
    {
        if (Fits(serverFolder))
            return serverFolder;
        var name = "gatehouse-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(serverFolder)).AsSpan(0, 12));
        var folder = Path.Combine(temporaryFolder, name);
        return Fits(folder) ? folder : Path.Combine("/tmp", name);
    }

    // In a connection string's host a comma separates hosts and a colon a port.
    private static bool Fits(string folder) =>
        Encoding.UTF8.GetByteCount($"{folder}/.s.PGSQL.{Port}") <= MaxSocketPathLength && folder.AsSpan().IndexOfAny(',', ':') < 0;
}
