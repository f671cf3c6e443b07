using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Gatehouse.Identity.Passwords;
using Npgsql;

namespace Gatehouse.Benchmarks;

/// <summary>What the parts can do at most on this machine, with nothing else running.</summary>
internal static partial class Ceilings
{
    private const string Database = "pgbench";

    /// <summary>Password hashes a second on all cores, at the server's default cost.</summary>
    public static async Task<double> HashesAsync(TimeSpan duration)
    {
        Sodium.Start();
        var options = new PasswordHashingOptions();
        var password = Encoding.UTF8.GetBytes("a tall bridge over calm water");
        var start = TimeProvider.System.GetTimestamp();
        var hashes = await Task.WhenAll(Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Task.Run(HashUntilEnd)));
        return hashes.Sum() / TimeProvider.System.GetElapsedTime(start).TotalSeconds;

        int HashUntilEnd()
        {
            Span<byte> hash = stackalloc byte[Sodium.HashSize];
            for (var done = 0; ; done++)
            {
                if (TimeProvider.System.GetElapsedTime(start) > duration)
                    return done;
                if (
                    Sodium.Hash(
                        hash,
                        password,
                        (ulong)password.Length,
                        (ulong)options.Passes,
                        (nuint)options.MemoryKiB * 1024,
                        Sodium.Argon2Id
                    ) != 0
                )
                    throw new InvalidOperationException("No memory for a hash.");
            }
        }
    }

    /// <summary>Transactions a second of PostgreSQL's own bench.</summary>
    /// <param name="script"><c>-N</c>: simple updates; <c>-S</c>: reads.</param>
    public static async Task<double> PgBenchAsync(NpgsqlConnectionStringBuilder cluster, string script, int seconds)
    {
        var output = await RunAsync(
            cluster,
            script,
            "-M",
            "prepared",
            "-c",
            "16",
            "-j",
            "2",
            "-T",
            seconds.ToString(CultureInfo.InvariantCulture),
            Database
        );
        return double.Parse(Tps().Match(output).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    public static Task PreparePgBenchAsync(NpgsqlConnectionStringBuilder cluster) => RunAsync(cluster, "-i", "-q", "-s", "10", Database);

    private static async Task<string> RunAsync(NpgsqlConnectionStringBuilder cluster, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(
                "pgbench",
                ["-h", cluster.Host!, "-p", cluster.Port.ToString(CultureInfo.InvariantCulture), "-U", cluster.Username!, .. arguments]
            )
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"pgbench: {await errors}");
    }

    [GeneratedRegex(@"tps = ([\d.]+) \(without initial", RegexOptions.CultureInvariant)]
    private static partial Regex Tps();
}
